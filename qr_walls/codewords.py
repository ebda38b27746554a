"""From texts of one shape to the bits their symbols carry (ISO/IEC 18004, 7.4 to 7.6).

Every step is taken for many texts at once: a column for each text, a row for each bit or byte.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from qrcode import base, util

from qr_walls.patterns import Bits
from qr_walls.segments import Run, header_bits

Bytes = NDArray[np.uint8]

_VALUES = np.zeros(256, np.uint16)  # of the alphanumeric characters (ISO/IEC 18004, table 5)
_VALUES[list(util.ALPHA_NUM)] = np.arange(45)
_POWERS = np.array([base.gexp(power) for power in range(510)], np.uint8)
_LOGARITHMS = np.array([0, *(base.glog(value) for value in range(1, 256))])
_NUMERIC_BITS = {1: 4, 2: 7, 3: 10}
_ALPHANUMERIC_BITS = {1: 6, 2: 11}
_PADDING = (0xEC, 0x11)


def messages(texts: Sequence[bytes], runs: Sequence[Run], version: int, level: int) -> Bits:
    """The whole message of each text, in the order in which modules take it: bits × texts.

    ``texts`` are in UTF-8 and all of the shape that ``runs`` were planned for; they must fit.
    """
    blocks = base.rs_blocks(version, level)
    bits = _data(texts, runs, version, 8 * sum(block.data_count for block in blocks))
    data = np.packbits(bits, axis=0)
    ends = np.cumsum([block.data_count for block in blocks])
    corrections = [
        _correction(part, block.total_count - block.data_count)
        for block, part in zip(blocks, np.split(data, ends[:-1]), strict=True)
    ]
    return np.unpackbits(np.concatenate([data, *corrections])[_interleaved(version, level)], axis=0)


def _data(texts: Sequence[bytes], runs: Sequence[Run], version: int, capacity: int) -> Bits:
    """Segments, terminator and padding (7.4)."""
    characters = np.frombuffer(b"".join(texts), np.uint8).reshape(len(texts), -1).T
    parts = list(_segments(characters, runs, version))
    used = sum(map(len, parts))
    ended = min(capacity, used + 4)
    ended += -ended % 8
    padding = [_PADDING[place % 2] for place in range((capacity - ended) // 8)]
    rest = np.concatenate(
        [np.zeros(ended - used, np.uint8), np.unpackbits(np.array(padding, np.uint8))]
    )
    return np.concatenate([*parts, _for_all(rest, len(texts))])


def _segments(characters: Bits, runs: Sequence[Run], version: int) -> Iterator[Bits]:
    start = 0
    for run in runs:
        said = characters[start : start + run.bytes]
        start += run.bytes
        length = run.bytes if run.mode == 4 else run.characters
        width = header_bits(run.mode, version)
        header = np.array([run.mode << width - 4 | length])
        yield _for_all(_in_bits(header[:, None], width)[:, 0], said.shape[1])
        match run.mode:
            case 1:
                yield from _grouped(said - np.uint8(ord("0")), 10, _NUMERIC_BITS)
            case 2:
                yield from _grouped(_VALUES[said], 45, _ALPHANUMERIC_BITS)
            case _:
                yield _in_bits(said, 8)


def _grouped(digits: NDArray[np.generic], radix: int, bits: dict[int, int]) -> Iterator[Bits]:
    """Digits of this radix, as many at a time as ``bits`` knows, then the few that are left."""
    together = max(bits)
    whole = len(digits) // together * together
    for part, count in ((digits[:whole], together), (digits[whole:], len(digits) - whole)):
        if len(part):
            groups = part.reshape(-1, count, part.shape[1]).astype(np.uint16)
            weights = radix ** np.arange(count - 1, -1, -1, dtype=np.uint16)
            yield _in_bits((groups * weights[:, None]).sum(1, np.uint16), bits[count])


def _in_bits(values: NDArray[np.generic], width: int) -> Bits:
    """Each value as ``width`` rows of bits, the highest first."""
    places = np.arange(width - 1, -1, -1)
    bits = values.astype(np.int64)[:, None, :] >> places[:, None] & 1
    return bits.reshape(-1, values.shape[1]).astype(np.uint8)


def _for_all(bits: Bits, texts: int) -> Bits:
    return np.broadcast_to(bits[:, None], (len(bits), texts))


def _correction(data: Bytes, corrections: int) -> Bytes:
    """The error correction of one block (7.5.2): what each byte of data leaves, summed up."""
    rests = _rests_of_bytes(len(data), corrections)
    left = rests[np.arange(len(data))[:, None], data]  # places × texts × bytes of correction
    summed: Bytes = np.bitwise_xor.reduce(left, axis=0)
    return summed.T


@cache
def _rests_of_bytes(data: int, corrections: int) -> Bytes:
    """What a byte of data leaves: places × values × bytes of correction."""
    rests = np.array(list(_rests(data, corrections)))[::-1]
    return np.stack([_times(rests, value) for value in range(256)], axis=1)


def _rests(data: int, corrections: int) -> Iterator[Bytes]:
    """x^n, x^(n+1), … divided by the generator polynomial: what each byte of data leaves."""
    generator = _generator(corrections)
    rest = generator
    for _ in range(data):
        yield rest
        rest = np.append(rest[1:], np.uint8(0)) ^ _times(generator, int(rest[0]))


@cache
def _generator(corrections: int) -> Bytes:
    """All coefficients but the first, which is 1 (ISO/IEC 18004, annex A)."""
    coefficients = np.array([1], np.uint8)
    for power in range(corrections):
        longer = np.append(coefficients, np.uint8(0))
        longer[1:] ^= _times(coefficients, base.gexp(power))
        coefficients = longer
    return coefficients[1:]


def _times(values: Bytes, factor: int) -> Bytes:
    """The product in the field of 256 elements that QR codes count in."""
    if not factor:
        return np.zeros_like(values)
    return np.where(values, _POWERS[_LOGARITHMS[values] + _LOGARITHMS[factor]], np.uint8(0))


@cache
def _interleaved(version: int, level: int) -> NDArray[np.intp]:
    """Where each byte of the message stands among the blocks one after the other (7.6)."""
    blocks = base.rs_blocks(version, level)
    data = [block.data_count for block in blocks]
    corrections = [block.total_count - block.data_count for block in blocks]
    return np.array([*_by_turns(data, 0), *_by_turns(corrections, sum(data))])


def _by_turns(sizes: Sequence[int], start: int) -> Iterator[int]:
    starts = [start + sum(sizes[:block]) for block in range(len(sizes))]
    for place in range(max(sizes)):
        yield from (
            first + place for first, size in zip(starts, sizes, strict=True) if place < size
        )
