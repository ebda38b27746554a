"""The codes of a wall, beside what they cost the library everybody knows."""

import time
from collections.abc import Callable
from random import Random
from statistics import median

import qrcode
from qrcode import constants

from qr_walls import gtin, links, symbols, tokens

CODES = 500
TIMES = 9


async def encode_vs_qrcode() -> tuple[float, float]:
    """The time of one of 500 codes by `qrcode`, over that in one batch: both with the same text,
    version and level, and with all eight masks scored. CPU time, so that neighbours do not count."""
    random = Random(500)
    addresses = [
        links.write("https://shop.example.org", tokens.new(random), gtin.demo(number))
        for number in range(CODES)
    ]
    version, ecc = symbols.fit(addresses[0])
    symbols.encode_many(addresses)  # its tables are made once
    ours = median(_seconds(symbols.encode_many, addresses) for _ in range(TIMES)) / CODES
    level = getattr(constants, f"ERROR_CORRECT_{ecc}")
    theirs = median(_seconds(_by_qrcode, text, version, level) for text in addresses)
    return theirs / ours, theirs / ours


def _by_qrcode(text: str, version: int, level: int) -> None:
    code = qrcode.QRCode(version, level, border=0)
    code.add_data(text)
    code.make()


def _seconds(work: Callable[..., object], *given: object) -> float:
    started = time.process_time()
    work(*given)
    return time.process_time() - started
