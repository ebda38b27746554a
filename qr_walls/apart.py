"""Drawing in a process of its own: a poster takes seconds of a processor and much memory.

The two talk through pipes, so that neither outlives the other: when the asking process is gone,
the drawing one finds its pipe closed and ends.
"""

import asyncio
import errno
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from qr_walls import png
from qr_walls.errors import WallError
from qr_walls.model import PanelFormat, Product, Wall
from qr_walls.press import Press
from qr_walls.proof import Place, Proof

if TYPE_CHECKING:
    from qr_walls.patches import Patches
    from qr_walls.posters import Poster
    from qr_walls.typefaces import Typefaces

PATIENCE_S = 600.0
_LENGTH_BYTES = 8
_LONGEST_MESSAGE = 1 << 30

Progress = Callable[[str, int, int], Awaitable[None]]
"""Awaited with the stage, how much of it is done, and of how much."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to draw a wall somewhere else."""

    wall: Wall
    products: dict[str, Product]
    regular: tuple[str, ...]  # paths of typefaces, most preferred first
    bold: tuple[str, ...]
    created_at: datetime
    press: Press | None = None  # no wishes
    only: tuple[tuple[int, int, int], ...] = ()  # panel, shelf, place: patches instead of posters
    flagged: tuple[tuple[int, int, int], ...] = ()  # of these: under a patch stands an offer's flag
    preview_side: int = png.LONGEST_SIDE  # pixels
    tiles_on: PanelFormat | None = None  # paper of an office printer, to cut the posters into
    only_the_file: bool = False  # without a picture and a proof sheet of it


class Drawn(msgspec.Struct, frozen=True, tag=True):
    """A finished poster, a picture of it, and its proof on one sheet of paper."""

    pdf: bytes
    png: bytes
    sheet: bytes  # PDF
    places: tuple[Place, ...]
    proof: Proof
    reach_m: float
    notes: tuple[str, ...]
    sheets: int = 1  # pages of the file
    scale: int = 1  # millimetres of the wall in one of the file


class _Done(msgspec.Struct, frozen=True, tag=True):
    stage: str
    done: int
    whole: int


class _Refused(msgspec.Struct, frozen=True, tag=True):
    sentence: str
    values: dict[str, str | int | float]


_Answer = Drawn | _Done | _Refused


async def draw(order: Order, progress: Progress | None = None) -> Drawn:
    """The poster, drawn elsewhere while this process goes on.

    Raises ``WallError`` like ``posters.make``, and ``RuntimeError`` when the other process dies.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "qr_walls.apart", stdin=PIPE, stdout=PIPE, cwd=_ROOT
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _converse(process, order, progress)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _converse(process: Process, order: Order, progress: Progress | None) -> Drawn:
    assert process.stdin is not None
    assert process.stdout is not None
    message = msgspec.msgpack.encode(order)
    process.stdin.write(len(message).to_bytes(_LENGTH_BYTES) + message)
    with suppress(ConnectionError):
        await process.stdin.drain()
    while True:
        try:
            length = int.from_bytes(await process.stdout.readexactly(_LENGTH_BYTES))
            answer = msgspec.msgpack.decode(await process.stdout.readexactly(length), type=_Answer)
        except asyncio.IncompleteReadError as error:
            raise RuntimeError(
                "The process that draws posters ended before it was done."
            ) from error
        match answer:
            case Drawn():
                return answer
            case _Refused():
                raise WallError(answer.sentence, **answer.values)
            case _Done() if progress:
                await progress(answer.stage, answer.done, answer.whole)


# The library may stand in a checkout that is not installed.
_ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Read one order, answer with progress and a poster or the reason why there is none."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    length = int.from_bytes(asked.read(_LENGTH_BYTES))
    order = msgspec.msgpack.decode(asked.read(min(length, _LONGEST_MESSAGE)), type=Order)
    with suppress(BrokenPipeError):
        _send(answers, _drawn(order, answers))


def _drawn(order: Order, answers: BinaryIO) -> _Answer:
    # Here and not above: the asking process never needs what draws.
    from qr_walls.typefaces import Typefaces

    told = ("", -1)

    def tell(stage: str, done: int, whole: int) -> None:
        nonlocal told
        percent = done * 100 // max(whole, 1)
        if (stage, percent) != told:
            told = (stage, percent)
            _send(answers, _Done(stage, done, whole))

    try:
        with _room_on_the_disk():
            faces = Typefaces([Path(path) for path in order.regular], [Path(p) for p in order.bold])
            return _patches(order, faces) if order.only else _poster(order, faces, tell)
    except WallError as error:
        return _Refused(error.sentence, {name: _plain(v) for name, v in error.values.items()})


@contextmanager
def _room_on_the_disk() -> Iterator[None]:
    """A full disk is nobody's mistake, but somebody can do something about it."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise WallError(
            "There was no room left on the disk to draw this. Nothing was printed; have room made, "
            "then print again."
        ) from error


def _poster(order: Order, faces: "Typefaces", tell: Callable[[str, int, int], None]) -> Drawn:
    from qr_walls import posters

    made = posters.make(
        order.wall,
        order.products,
        faces,
        created_at=order.created_at,
        press=order.press,
        progress=tell,
    )
    if order.tiles_on is not None:
        return _tiles(order, order.tiles_on, faces, made)
    return _drawing(order, faces, made, made.reach_m, made.scale)


def _tiles(order: Order, paper: PanelFormat, faces: "Typefaces", poster: "Poster") -> Drawn:
    from qr_walls import tiles

    wall = order.wall
    made = tiles.cut(
        poster.pdf,
        poster.places,
        paper,
        faces,
        created_at=order.created_at,
        title=" · ".join(part for part in (wall.name, wall.edition) if part),
        language=wall.language,
    )
    return Drawn(
        made.pdf, b"", b"", made.places, made.proof, poster.reach_m, (), png.pages(made.pdf)
    )


def _patches(order: Order, faces: "Typefaces") -> Drawn:
    from qr_walls import patches

    made = patches.draw(
        order.wall,
        order.products,
        [patches.Spot(*spot) for spot in order.only],
        faces,
        created_at=order.created_at,
        flagged=[patches.Spot(*spot) for spot in order.flagged],
    )
    reach_m = min(light.reach_m for light in made.proof.lights)
    return _drawing(order, faces, made, reach_m, 1)


def _drawing(
    order: Order, faces: "Typefaces", made: "Poster | Patches", reach_m: float, scale: int
) -> Drawn:
    sheets, notes = png.pages(made.pdf), tuple(map(str, made.notes))
    if order.only_the_file:
        return Drawn(made.pdf, b"", b"", made.places, made.proof, reach_m, notes, sheets, scale)
    from qr_walls import reports

    said = reports.report(
        made.proof,
        wall=order.wall.name,
        edition=order.wall.edition,
        created_at=order.created_at,
    )
    return Drawn(
        made.pdf,
        png.side_by_side(made.pdf, longest_side=order.preview_side),
        reports.as_sheet(said, made.pdf, faces, scale=scale, language=order.wall.language),
        made.places,
        made.proof,
        reach_m,
        notes,
        sheets,
        scale,
    )


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, str | int | float) else str(value)


def _send(answers: BinaryIO, answer: _Answer) -> None:
    message = msgspec.msgpack.encode(answer)
    answers.write(len(message).to_bytes(_LENGTH_BYTES) + message)
    answers.flush()


if __name__ == "__main__":
    main()
