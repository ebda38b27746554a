"""A file is staged, checked, and taken over all at once: or nothing of it is.

Staging and checking change nothing a shopper can see. `apply` is one transaction and one event.
"""

import asyncio
import csv
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from io import BytesIO, StringIO
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

import asyncpg
import msgspec

from app import jobs
from app.catalog.importing import complaints as say
from app.catalog.importing.columns import RowReader, header_of
from app.catalog.importing.complaints import Unreadable
from app.catalog.importing.tables import MOST_ROWS, open_table
from app.catalog.models import Complaint, Import
from app.catalog.queries import imports, merging, reading, staging
from app.db import Connection, Pool, begin, new_id
from app.db.room import out_of_room
from app.errors import Conflict, NotFound, ShopError, Unprocessable

Progress = Callable[[float], None]

CHUNK = 2000
AT_ONCE = 5000
"""So many rows are imported while the person waits; more are left to a worker."""

CHECK, IMPORT = "check a catalogue file", "import a catalogue file"


class Report(msgspec.Struct, frozen=True):
    """What a file would do or did, with what is wrong with it."""

    found: Import
    complaints: list[Complaint]
    applied: bool


class _Reading(msgspec.Struct):
    """What was counted while a file was staged."""

    rows: int = 0
    errors: int = 0
    notices: int = 0
    complaints: list[Complaint] = []

    def hear(self, complaints: list[Complaint]) -> None:
        self.errors += sum(1 for one in complaints if one.level == "error")
        self.notices += sum(1 for one in complaints if one.level != "error")
        room = staging.MOST_COMPLAINTS - len(self.complaints)
        self.complaints.extend(complaints[: max(0, room)])


async def load(
    pool: Pool,
    file: IO[bytes],
    file_name: str,
    *,
    currency: str = "EUR",
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Check a file and, when nothing is wrong with it, import it. A dry run changes nothing."""
    id = new_id()
    async with begin(pool) as db:
        await imports.write_import(db, id, file_name[:200], "file", None)
        await receive(db, id, file, currency, progress)
    async with begin(pool) as db:
        found = await imports.find(db, id)
        assert found is not None
        report = Report(found, await imports.complaints(db, id, staging.MOST_COMPLAINTS), False)
        if dry_run or found.errors:
            await staging.forget(db, id)
            await imports.drop(db, id)
            return report
    async with begin(pool) as db:
        return Report(await apply(db, id), report.complaints, applied=True)


async def change(
    db: Connection,
    product_id: UUID,
    cells: Mapping[str, str],
    version: int,
    person_id: UUID | None,
    currency: str,
) -> Report:
    """Change one product by hand: an import of one row, so that it is checked, kept in the price
    history and undone like any other. `cells` are named as columns. Raises NotFound, and Conflict
    when the product is not at that version any more."""
    await merging.one_at_a_time(db)
    present = await reading.product(db, product_id, "en")
    if present is None:
        raise NotFound("We do not know this product.")
    if present.version != version:
        raise Conflict("Somebody changed this product meanwhile. Please look again.", state=present)
    id, cells = new_id(), {**cells, "gtin": present.gtin}
    await imports.write_import(db, id, "", "edit", person_id)
    await receive(db, id, BytesIO(_one_row(cells)), currency, lambda _: None)
    found = await imports.find(db, id)
    assert found is not None
    complaints = await imports.complaints(db, id, staging.MOST_COMPLAINTS)
    if found.errors or not (found.changed or found.new):
        await staging.forget(db, id)
        await imports.drop(db, id)
        return Report(found, complaints, applied=False)
    return Report(await apply(db, id), complaints, applied=True)


def _one_row(cells: Mapping[str, str]) -> bytes:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(cells), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerow(cells)
    return text.getvalue().encode("utf-8", "replace")


async def upload(
    db: Connection, parts: AsyncIterator[bytes], file_name: str, person_id: UUID
) -> UUID:
    """Keep a file, part by part, until a worker has checked it."""
    id = new_id()
    await imports.write_import(db, id, file_name[:200], "file", person_id)
    number = 0
    async for body in parts:
        await imports.keep_part(db, id, number, body)
        number += 1
    await jobs.later(db, CHECK, {"import": str(id)}, id=id)
    return id


async def check(pool: Pool, id: UUID, currency: str, progress: Progress) -> None:
    """The worker's part of an upload; done before or withdrawn, it does nothing. A full disk is
    written where the person looks."""
    try:
        await _check(pool, id, currency, progress)
    except (OSError, asyncpg.DiskFullError) as error:
        if not out_of_room(error):
            raise
        async with begin(pool) as db:
            await imports.forget_parts(db, id)
            await staging.complain(db, id, [Complaint(0, "", say.NO_ROOM, {})])
            await imports.note_checked(db, id, 0, 1, 0, 0)


async def _check(pool: Pool, id: UUID, currency: str, progress: Progress) -> None:
    async with begin(pool) as db:
        if not await imports.is_waiting(db, id):
            return
        with TemporaryFile() as file:
            number = 0
            while body := await imports.part(db, id, number):
                file.write(body)
                number += 1
            await imports.forget_parts(db, id)
            await receive(db, id, file, currency, progress)


async def receive(
    db: Connection, id: UUID, file: IO[bytes], currency: str, progress: Progress
) -> None:
    """Stage every row of the file and find what is wrong with it."""
    await staging.take_time(db)
    reading = _Reading()
    try:
        async with db.transaction():
            await _stage(db, id, file, currency, reading, progress)
    except Unreadable as error:
        row = int(str(error.values.get("row", 0)))
        values = {name: say.quoted(value) for name, value in error.values.items()}
        reading.hear([Complaint(row, "", error.sentence, values)])
    await _finish_check(db, id, currency, reading)


async def _stage(
    db: Connection, id: UUID, file: IO[bytes], currency: str, reading: _Reading, progress: Progress
) -> None:
    table = await asyncio.to_thread(open_table, file)
    rows = table.rows()
    _, titles = await asyncio.to_thread(next, rows, (0, []))
    if not titles:
        raise Unreadable(say.EMPTY)
    header = header_of(titles)
    reading.hear(header.complaints)
    if not header.usable:
        return
    reader = RowReader(id, header.places, currency)

    async def records() -> AsyncIterator[tuple[Any, ...]]:
        while chunk := await asyncio.to_thread(_read_chunk, reader, rows, reading):
            progress(table.share_read())
            for record in chunk:
                if record is not None:
                    yield record

    await staging.stage(db, records())
    progress(1.0)


def _read_chunk(
    reader: RowReader, rows: Iterator[tuple[int, list[str]]], reading: _Reading
) -> list[tuple[Any, ...] | None]:
    """In a thread: reading cells is work, and others wait for the event loop."""
    chunk = [reader.read(row, given) for row, given in itertools.islice(rows, CHUNK)]
    reading.rows += len(chunk)
    if reading.rows > MOST_ROWS:
        raise Unreadable(say.TOO_MANY_ROWS, most=MOST_ROWS)
    reading.hear(reader.complaints)
    reader.complaints.clear()
    return chunk


async def _finish_check(
    db: Connection, id: UUID, currency: str, reading: _Reading, left: int = 0
) -> None:
    if reading.rows > CHUNK:
        await staging.know_sizes(db)
    await staging.complete(db, id, currency)
    await staging.complain(db, id, reading.complaints)
    found = [
        await staging.same_gtin_twice(db, id, say.SAME_GTIN),
        await staging.same_code_twice(db, id, say.SAME_CODE),
        await staging.codes_of_others(db, id, say.CODE_TAKEN),
        await staging.what_is_missing(
            db, id, say.NEW_NEEDS, say.NEEDS_A_NAME, say.WORDS_WITHOUT_NAME
        ),
        await staging.weighed_wrongly(db, id, say.WEIGHED_IN_GRAMS, say.SCALE_WITHOUT_WEIGHT),
        await staging.scale_numbers_of_others(db, id, say.SCALE_TAKEN, say.SAME_SCALE),
        await staging.pictures_not_there(db, id, say.NO_SUCH_PICTURE),
        await staging.categories_with_two_names(db, id, say.TWO_NAMES),
    ]
    errors = reading.errors + sum(found)
    await imports.note_checked(db, id, reading.rows, errors, reading.notices, left)


async def want(db: Connection, id: UUID) -> Import:
    """Somebody pressed Import: a short list is taken over at once, a long one by a worker."""
    wanted = await imports.lock_import(db, id)
    if wanted is None:
        raise NotFound("This import is not there any more. Please upload the file again.")
    if wanted.rows <= AT_ONCE or wanted.state == "imported" or wanted.taken:
        return wanted if wanted.taken else await apply(db, id)
    await _check_ready(db, wanted)
    await imports.note_taken(db, id, True)
    await jobs.later(db, IMPORT, {"import": str(id)})
    return msgspec.structs.replace(wanted, taken=True)


async def take_over(pool: Pool, id: UUID) -> None:
    """The worker's part of `want`. What stands in the way is written where the person looks."""
    try:
        async with begin(pool) as db:
            await apply(db, id)
    except ShopError as refusal:
        await _leave(pool, id, refusal.sentence, refusal.values)
    except asyncpg.DiskFullError:
        await _leave(pool, id, say.NO_ROOM, {})


async def _leave(pool: Pool, id: UUID, sentence: str, values: Mapping[str, object]) -> None:
    words = {name: str(value) for name, value in values.items()}
    async with begin(pool) as db:
        await staging.complain(db, id, [Complaint(0, "", sentence, words)])
        await imports.note_taken(db, id, False)


async def apply(db: Connection, id: UUID) -> Import:
    """Take over what was checked. Done before, it gives what was done; nothing to do is no event."""
    await staging.take_time(db)
    await merging.one_at_a_time(db)
    wanted = await imports.lock_import(db, id)
    if wanted is None:
        raise NotFound("This import is not there any more. Please upload the file again.")
    if wanted.state == "imported":
        return wanted
    await _check_ready(db, wanted)
    if wanted.new or wanted.changed:
        await _merge(db, wanted)
    named = await merging.name_categories(db, id)
    await staging.forget(db, id)
    await imports.note_imported(db, id)
    if wanted.new or wanted.changed or named:
        body = {"new": wanted.new, "changed": wanted.changed, "kind": wanted.kind}
        await jobs.announce(
            db, aggregate="import", id=id, number=1, kind="CatalogueImported", body=body
        )
    done = await imports.find(db, id)
    assert done is not None
    return done


async def _check_ready(db: Connection, wanted: Import) -> None:
    if wanted.state == "waiting":
        raise Conflict("This file is still being checked.", code="import-not-checked")
    if wanted.errors:
        raise Unprocessable("There are errors in this file. Mend them and upload it again.")
    if await imports.staged_rows(db, wanted.id) != wanted.new + wanted.changed + wanted.same:
        raise Conflict(
            "What was checked got lost when the database stopped. Please upload the file again.",
            code="import-lost",
        )
    if stale := await merging.stale_rows(db, wanted.id):
        raise Conflict(
            "Somebody changed {count} of these products since the file was checked."
            " Please upload it again.",
            code="import-stale",
            count=stale,
        )


async def _merge(db: Connection, wanted: Import) -> None:
    try:
        await merging.keep_what_is_replaced(db, wanted.id)
        await merging.change_products(db, wanted.id)  # first: what they give up, new ones may take
        await merging.add_products(db, wanted.id)
        await merging.change_texts(db, wanted.id)
        await merging.change_codes(db, wanted.id)
        await merging.change_prices(db, wanted.id)
    except asyncpg.UniqueViolationError as error:
        raise Conflict(
            "Another product got one of these codes in the meantime. Please upload the file again.",
            code="import-stale",
        ) from error


async def undo(db: Connection, person_id: UUID | None, meant: UUID | None = None) -> Import:
    """Put back what the last import replaced: an import of its own, with its own event.

    Raises Conflict when there is none, or when it is not the one that was `meant` any more:
    somebody may have changed a product by hand while another looked at the button.
    """
    await staging.take_time(db)
    await merging.one_at_a_time(db)
    last = await imports.undoable(db)
    if last is None:
        raise Conflict("There is no import to undo.", code="nothing-to-undo")
    if meant not in (None, last):
        raise Conflict(
            "Something else was imported or changed by hand since. Only the last change can be"
            " taken back.",
            code="not-the-last",
        )
    id = new_id()
    await imports.write_import(db, id, "", "undo", person_id, undoes=last)
    rows, left = await staging.stage_what_was_replaced(db, id, last)
    await _finish_check(db, id, "EUR", _Reading(rows=rows), left)
    return await apply(db, id)
