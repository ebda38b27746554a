import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import asyncpg
import msgspec

from app import files, jobs
from app.db import Connection, Pool, begin, new_id
from app.errors import Conflict, NotFound
from app.walls import actions
from app.walls import queries as walls
from app.walls.models import Edition, Refusal
from app.walls.press import queries, rules
from app.walls.press.models import Drawing, FileKind, Making, PrintFile, Profile, Wishes
from app.walls.rules import in_shop_words
from qr_walls import apart
from qr_walls.errors import WallError

MAKE = "make a print file"

Redraw = Callable[[Connection, UUID], Awaitable[apart.Order]]
"""The order of an edition from the catalogue of today."""


async def add_profile(db: Connection, icc: bytes, added_by: UUID | None = None) -> Profile:
    """The profile of a press, to choose when a file is ordered. Raises Unprocessable."""
    name = await asyncio.to_thread(rules.profile_name, icc)
    file = await files.keep(db, icc, "application/vnd.iccprofile")
    await queries.write_profile(db, file, name, added_by)
    return next(one for one in await queries.profiles(db) if one.file == file)


async def order_file(
    db: Connection,
    code: str,
    number: int,
    kind: FileKind,
    wishes: Wishes | None = None,
    *,
    ordered_by: UUID | None = None,
    make_later: bool = True,
) -> PrintFile:
    """Ask for a file of an edition; the worker makes it as soon as there is the poster.

    Asked again after it failed, the same file is tried again. Raises Conflict while one is in the
    making, or when codes of the edition cannot be read.
    """
    found = await actions.edition(db, code, number)
    rules.check(found, await walls.printed_plan(db, found.wall_id, number), kind)
    wishes = wishes if wishes and kind == "print-shop" else Wishes()
    if wishes.profile and not await queries.knows_profile(db, wishes.profile):
        raise NotFound("There is no such profile. Add it first.", code="no-profile")
    if await _tried_again(db, found, kind, wishes):
        return (await _of_kind(db, found, kind))[0]
    drawn, id = await queries.hold_edition(db, found.id), new_id()
    if not await queries.write_file(db, id, found.id, kind, wishes, ordered_by):
        raise Conflict("This file is being made already.", code="being-made")
    if drawn and make_later:
        await _make_later(db, id)
    return (await _of_kind(db, found, kind))[0]


async def files_of(db: Connection, edition: Edition) -> list[Making]:
    """Every kind of file an edition can have, and how far each is."""
    asked = await queries.files(db, edition.id)
    newest = {one.kind: one.id for one in reversed(asked)}
    tasks = {kind: await jobs.task(db, id) for kind, id in newest.items()}
    return [rules.newest(edition, asked, kind, tasks.get(kind)) for kind in rules.KINDS]


async def file_of(db: Connection, edition: Edition, kind: str) -> PrintFile:
    """The newest of its kind that was made. Raises NotFound."""
    for one in await queries.files(db, edition.id):
        if one.kind == kind and one.made_at:
            return one
    raise NotFound("There is no such file of this edition yet.")


async def made_or_refused(db: Connection, edition: Edition, id: UUID) -> PrintFile:
    """A file that was just made. Raises Unprocessable with the reason when it could not be."""
    [file] = [one for one in await queries.files(db, edition.id) if one.id == id]
    if file.refusal is not None:
        raise in_shop_words(WallError(file.refusal.sentence, **file.refusal.values))
    return file


async def poster_is_drawn(db: Connection, edition_id: UUID, order: apart.Order) -> None:
    """Keep what it was drawn from, and make the files that were waiting for it."""
    body = msgspec.json.encode(rules.frozen(order))
    file = await files.keep(db, body, "application/json")
    await queries.write_drawing(db, edition_id, file)
    for id in await queries.waiting_files(db, edition_id):
        await _make_later(db, id)


async def make(
    pool: Pool,
    id: UUID,
    redraw: Redraw,
    fonts: tuple[tuple[str, ...], tuple[str, ...]],
    progress: apart.Progress | None = None,
) -> None:
    """Draw, prove and keep a file that was ordered. Done twice, the first one stays."""
    async with begin(pool) as db:
        order = await _order(db, id, redraw, fonts)
    if order is None:
        return
    try:
        drawn = await apart.draw(order, progress)
        rules.check_readable(drawn)
        async with begin(pool) as db:
            file = await files.keep(db, drawn.pdf, "application/pdf")
            await queries.keep_file(db, id, file, drawn.sheets, drawn.scale)
    except asyncpg.DiskFullError:
        await _refuse(pool, id, no_room())
    except WallError as error:
        await _refuse(pool, id, error)


def no_room() -> WallError:
    """Kept as the reason why there is no poster: the database had no room for it."""
    return WallError(
        "There was no room left on the disk to draw this. Nothing was printed; have room made, "
        "then print again."
    )


async def _refuse(pool: Pool, id: UUID, error: WallError) -> None:
    values = in_shop_words(error).values
    async with begin(pool) as db:
        await queries.keep_refusal(db, id, Refusal(error.sentence, dict(values)))


async def _order(
    db: Connection, id: UUID, redraw: Redraw, fonts: tuple[tuple[str, ...], tuple[str, ...]]
) -> apart.Order | None:
    """Everything the drawing process has to know; None when the file is made already."""
    asked = await queries.to_make(db, id)
    if asked is None:
        return None
    order = await _frozen(db, asked.drawing) if asked.drawing else None
    order = order or await redraw(db, asked.edition_id)
    wishes = asked.file.wishes
    profile = await files.fetch(db, wishes.profile) if wishes.profile else None
    press = None
    if asked.file.kind == "print-shop":
        press = rules.press_of(wishes, order.wall, profile.body if profile else None)
    return msgspec.structs.replace(
        order,
        regular=fonts[0],
        bold=fonts[1],
        press=press,
        tiles_on=rules.PAPERS.get(asked.file.kind),
        only_the_file=True,
    )


async def _frozen(db: Connection, name: str) -> apart.Order | None:
    file = await files.fetch(db, name)
    if file is None:
        return None
    drawing = msgspec.json.decode(file.body, type=Drawing)
    pictures = {}
    for picture in sorted(set(drawing.pictures.values())):
        found = await files.fetch(db, picture)
        if found is not None:
            pictures[picture] = found.body
    return rules.thawed(drawing, pictures)


async def _tried_again(db: Connection, edition: Edition, kind: FileKind, wishes: Wishes) -> bool:
    """Whether just this failed on our side, and is due at once now. With other wishes it makes way."""
    for one in (await _of_kind(db, edition, kind))[:1]:
        task = await jobs.task(db, one.id) if not (one.made_at or one.refusal) else None
        if task is None or task.state != "failed":
            return False
        if one.wishes == wishes:
            return await jobs.step_again(db, one.id)
        await queries.keep_refusal(db, one.id, Refusal("This file was asked for otherwise.", {}))
    return False


async def _of_kind(db: Connection, edition: Edition, kind: str) -> Sequence[PrintFile]:
    return [one for one in await queries.files(db, edition.id) if one.kind == kind]


async def _make_later(db: Connection, id: UUID) -> None:
    await jobs.later(db, MAKE, {"file": str(id)}, id=id)
