"""What a benchmark gives, and how the figures are shown."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import msgspec
from rich.console import Console
from rich.table import Table

data_folder: Path | None = None
"""Where the instances lie that are not part of the repository; `--data` sets it."""


class Skipped(Exception):
    """A figure that cannot be taken here, and why."""


class Figure(msgspec.Struct, frozen=True):
    """One line of the table. `against` names the limit; for `_vs_` names value and ratio are one."""

    name: str
    value: float
    unit: str
    against: str
    ratio: float | None = None
    bar: str = ""
    missed: bool = False


class Benchmark(msgspec.Struct, frozen=True):
    name: str
    measure: Callable[..., Awaitable[tuple[float, float | None]]]
    """Gives the value and its ratio to the limit (None where there is no rival)."""
    unit: str
    against: str
    bar: float | None = None
    better: Literal["less", "more"] = "less"
    alone: bool = False
    """Measured without a shop, before one is opened; the others are given theirs."""

    def judge(self, value: float, ratio: float | None) -> Figure:
        missed = self.bar is not None and (
            value > self.bar if self.better == "less" else value < self.bar
        )
        sign = "≤" if self.better == "less" else "≥"
        bar = "" if self.bar is None else f"{sign} {self.bar:g}"
        return Figure(self.name, value, self.unit, self.against, ratio, bar, missed)


def show(figures: list[Figure]) -> None:
    table = Table(box=None, header_style="bold")
    for heading in ("figure", "value", "unit", "against", "ratio", "bar", ""):
        justify: Literal["left", "right"] = "right" if heading in ("value", "ratio") else "left"
        table.add_column(heading, justify=justify)
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        verdict = "missed" if figure.missed else ("kept" if figure.bar else "")
        table.add_row(
            figure.name,
            f"{figure.value:,.2f}",
            figure.unit,
            figure.against,
            ratio,
            figure.bar,
            verdict,
        )
    Console(width=120).print(table)


def write(figures: list[Figure], path: Path) -> None:
    rows = [
        {
            "name": figure.name,
            "value": figure.value,
            "unit": figure.unit,
            "against": figure.against,
            "ratio": figure.ratio,
        }
        for figure in figures
    ]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n")
