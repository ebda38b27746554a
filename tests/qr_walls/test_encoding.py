"""Our symbols against the ``qrcode`` package, module for module, and against the standard."""

from random import Random

import numpy as np
import pytest
import qrcode
from qrcode import util

from qr_walls import codewords, patterns, segments, symbols
from qr_walls.symbols import Ecc, Make

ALPHABETS = ("0123456789", "ABCXYZ $%*+-./:", "abcxyz", "é한😀")
LEVEL_M = 0


def by_qrcode(make: Make, text: str, mask: int) -> np.ndarray:
    """The same symbol by the package everybody knows, with mask and segments given."""
    code = qrcode.QRCode(make.version, symbols._LEVELS[make.ecc], border=0, mask_pattern=mask)
    said, start = text.encode(), 0
    for run in make.runs:
        part = said[start : start + run.bytes]
        code.add_data(util.QRData(part, mode=run.mode), optimize=0)
        start += run.bytes
    code.make(fit=False)
    return np.array(code.get_matrix())


def a_text_that_fits(random: Random, version: int, ecc: Ecc) -> str:
    """Of all kinds of characters, often right up to the last bit."""
    room, text = symbols._capacity_bits(version, ecc), "7"
    while len(text) < 250:
        longer = text + "".join(random.choices(random.choice(ALPHABETS), k=random.randrange(1, 9)))
        if segments.bits(segments.plan(segments.shape(longer), version), version) > room:
            return text
        text = longer
    return text


@pytest.mark.parametrize("version", range(1, 41))
def test_symbols_are_those_of_qrcode_module_for_module(version: int) -> None:
    random = Random(version)
    levels: list[Ecc] = ["L", "M", "Q", "H"]
    for ecc in levels if version <= 7 else [levels[version % 4]]:
        text = a_text_that_fits(random, version, ecc)
        make = Make(version, ecc, segments.plan(segments.shape(text), version))
        mask = random.randrange(8)

        (symbol,) = symbols.draw(make, [text], mask)

        assert (symbol.dark == by_qrcode(make, text, mask)).all(), (ecc, mask, text)


def codewords_of(text: str) -> str:
    plan = segments.plan(segments.shape(text), 1)
    message = codewords.messages([text.encode()], plan, 1, LEVEL_M)
    return np.packbits(message).tobytes().hex(" ").upper()


def test_the_symbol_of_annex_i_has_the_codewords_printed_there() -> None:
    assert codewords_of("01234567") == (
        "10 20 0C 56 61 80 EC 11 EC 11 EC 11 EC 11 EC 11 A5 24 D4 C1 ED 36 C7 87 2C 55"
    )


@pytest.mark.parametrize(
    ("text", "bits"),
    [  # ISO/IEC 18004, 7.4.3 (twice) and 7.4.4
        ("01234567", "0001 0000001000 0000001100 0101011001 1000011"),
        (
            "0123456789012345",
            "0001 0000010000 0000001100 0101011001 1010100110 1110000101 0011101010 0101",
        ),
        ("AC-42", "0010 000000101 00111001110 11100111001 000010"),
    ],
)
def test_texts_become_the_bits_of_the_standards_examples(text: str, bits: str) -> None:
    expected = bits.replace(" ", "")
    plan = segments.plan(segments.shape(text), 1)

    message = codewords.messages([text.encode()], plan, 1, LEVEL_M)

    assert segments.bits(plan, 1) == len(expected)
    assert "".join(map(str, message[: len(expected), 0])) == expected


def test_format_information_is_that_of_the_standards_example() -> None:
    under_mask_5 = patterns.pattern(1, LEVEL_M).masked >> 5 & 1

    beside_the_finder = [*under_mask_5[8, :6], *under_mask_5[8, 7:9], under_mask_5[7, 8]]
    above_it = under_mask_5[5::-1, 8]
    assert "".join(map(str, [*beside_the_finder, *above_it])) == "100000011001110"  # 7.9.1
