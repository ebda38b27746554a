"""The mask a symbol wears is the one that the standard's own words score best."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from qr_walls import gtin, links, masks, symbols, tokens

Rows = Sequence[Sequence[int]]
LIGHT_4, FINDER = [0, 0, 0, 0], [1, 0, 1, 1, 1, 0, 1]


def penalty(rows: Rows) -> int:
    """ISO/IEC 18004, 7.8.3.1 and table 11, word by word."""
    lines = [*rows, *map(list, zip(*rows, strict=True))]
    return (
        sum(3 + run - 5 for line in lines for run in runs(line) if run >= 5)
        + 3 * blocks(rows)
        + 40 * sum(finders(list(line)) for line in lines)
        + 10 * imbalance(rows)
    )


def runs(line: Sequence[int]) -> Iterator[int]:
    length = 1
    for before, here in pairwise(line):
        if here == before:
            length += 1
        else:
            yield length
            length = 1
    yield length


def blocks(rows: Rows) -> int:
    places = range(len(rows) - 1)
    return sum(
        rows[y][x] == rows[y][x + 1] == rows[y + 1][x] == rows[y + 1][x + 1]
        for y in places
        for x in places
    )


def finders(line: list[int]) -> int:
    windows = [line[start : start + 11] for start in range(len(line) - 10)]
    return windows.count(LIGHT_4 + FINDER) + windows.count(FINDER + LIGHT_4)


def imbalance(rows: Rows) -> int:
    dark, modules = sum(map(sum, rows)), len(rows) ** 2
    return int(abs(dark / modules * 100 - 50) / 5)


@pytest.mark.parametrize("side", [21, 29, 45, 61])
def test_scores_are_those_counted_one_module_after_the_other(side: int) -> None:
    noise = np.random.default_rng(side)
    smooth = noise.integers(0, 256, (side, side, 3), np.uint8)
    smooth[2:-2] &= smooth[4:]  # longer runs, fewer dark modules
    smooth[5, 3:14, 0] = [255 * module for module in LIGHT_4 + FINDER]
    smooth[4:15, 7, 1] = [255 * module for module in FINDER + LIGHT_4]

    scores = masks.penalties(smooth)

    for mask in range(8):
        for symbol in range(3):
            assert scores[mask, symbol] == penalty((smooth[:, :, symbol] >> mask & 1).tolist())


def test_every_symbol_wears_its_best_mask() -> None:
    random = Random(8)
    host = "https://shop.example.org"
    texts = [links.write(host, tokens.new(random), gtin.demo(n)) for n in (1, 22, 333)]
    texts += ["Perron", "7" * 300]

    for symbol in symbols.encode_many(texts):
        make = symbols._make(symbol.text, "M")
        tried = [next(symbols.draw(make, [symbol.text], mask)) for mask in range(8)]
        scores = [penalty(one.dark.astype(int).tolist()) for one in tried]
        assert scores[symbol.mask] == min(scores)
        assert (tried[symbol.mask].dark == symbol.dark).all()
