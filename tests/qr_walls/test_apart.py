"""A poster drawn in another process is the same poster."""

import asyncio
import os
import signal
from pathlib import Path

import msgspec
import pytest

from qr_walls import apart, posters
from qr_walls.errors import WallError
from qr_walls.model import Product, Wall
from qr_walls.press import Press
from tests.qr_walls.builders import NOON, product, wall
from tests.qr_walls.fonts import BOLD, REGULAR, faces


def order(plan: Wall, products: dict[str, Product]) -> apart.Order:
    faces()
    return apart.Order(
        wall=plan,
        products=products,
        regular=tuple(str(path) for path in REGULAR),
        bold=tuple(str(path) for path in BOLD),
        created_at=NOON,
        preview_side=400,
    )


async def test_a_poster_drawn_elsewhere_is_the_same_and_its_progress_is_told() -> None:
    plan, products = wall([product(number) for number in range(4)])
    told: list[str] = []

    async def note(stage: str, done: int, whole: int) -> None:
        told.append(f"{stage} {done * 100 // whole}")

    drawn = await apart.draw(order(plan, products), note)

    assert drawn.pdf == posters.make(plan, products, faces(), created_at=NOON).pdf
    assert drawn.png.startswith(b"\x89PNG")
    assert drawn.proof.passed
    assert told[-1] == "proof 100"


async def test_why_a_wall_cannot_be_drawn_comes_back_as_the_same_sentence() -> None:
    plan, products = wall([product(1, picture=b"no picture")], rows=1)

    with pytest.raises(WallError, match="“Semi-skimmed milk”") as refusal:
        await apart.draw(order(plan, products))
    assert refusal.value.values["gtin"] == product(1).gtin


async def test_a_print_shop_s_wishes_and_single_labels_are_drawn_elsewhere_too() -> None:
    plan, products = wall([product(number) for number in range(4)])
    wanted = order(plan, products)
    wishes = Press(bleed_mm=3, marks=True)

    poster = await apart.draw(msgspec.structs.replace(wanted, press=wishes))
    patch = await apart.draw(msgspec.structs.replace(wanted, only=((1, 2, 1),)))

    made = posters.make(plan, products, faces(), created_at=NOON, press=wishes)
    assert poster.pdf == made.pdf
    assert poster.sheet.startswith(b"%PDF")
    assert [place.name for place in patch.places] == ["1 · 2 · 1"]
    assert patch.proof.passed


async def test_a_wish_no_press_can_fulfil_comes_back_as_a_sentence() -> None:
    plan, products = wall([product(1)], rows=1)
    wanted = msgspec.structs.replace(order(plan, products), press=Press(icc=b"none"))

    with pytest.raises(WallError, match="given as ICC profile is none"):
        await apart.draw(wanted)


async def test_a_drawing_process_that_dies_is_told_and_leaves_nothing() -> None:
    plan, products = wall([product(number) for number in range(24)], rows=6)

    async def kill(stage: str, done: int, whole: int) -> None:
        for pid in _drawing_pids():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(RuntimeError, match="ended before it was done"):
        await apart.draw(order(plan, products), kill)
    assert not _drawing_processes()


async def test_a_drawing_that_is_called_off_leaves_no_process_behind() -> None:
    plan, products = wall([product(number) for number in range(4)])
    drawing = asyncio.create_task(apart.draw(order(plan, products)))
    while not _drawing_pids():
        await asyncio.sleep(0.01)

    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing

    assert not _drawing_processes()


def _drawing_processes() -> list[str]:
    return [Path(f"/proc/{pid}/cmdline").read_text() for pid in _drawing_pids()]


def _drawing_pids() -> list[int]:
    children = Path("/proc/self/task").glob("*/children")
    pids = [int(pid) for file in children for pid in file.read_text().split()]
    return [pid for pid in pids if "qr_walls.apart" in Path(f"/proc/{pid}/cmdline").read_text()]
