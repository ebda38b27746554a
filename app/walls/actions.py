from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import UniqueViolationError

from app import catalog, jobs
from app.db import Connection, new_id
from app.errors import Conflict, Gone, NotFound, Unprocessable
from app.walls import queries, rules
from app.walls.models import (
    Details,
    Edition,
    LabelState,
    Ordered,
    Panel,
    Plan,
    PlannedPanel,
    Position,
    Wall,
    WishedPanel,
    WishedPosition,
)
from app.walls.sites import actions as sites
from app.walls.sites.models import Site, SiteDetails

PRINT = "print a wall"
MOST_POSITIONS = 2000


async def set_up(
    db: Connection, code: str, details: Details, *, currency: str, time_zone: str
) -> Wall:
    """A new wall, empty, with a first site to hang at. `code` names both in addresses.

    Raises Conflict when the code is taken.
    """
    id = new_id()
    if not await queries.write_wall(db, id, code, details, currency, time_zone):
        raise Conflict("There is a wall “{wall}” already.", code="code-taken", wall=code)
    await _tell(db, id, 1, "WallSetUp")
    made = await wall(db, code)
    await _first_site(db, made)
    return made


async def add_site(db: Connection, code: str, site_code: str, details: SiteDetails) -> Site:
    """One more place for this design to hang at. Raises Gone when the wall is retired."""
    found = await lock(db, code)
    return await sites.add_site(db, found.id, site_code, details, time_zone=found.time_zone)


async def wall(db: Connection, code: str) -> Wall:
    """Raises NotFound."""
    found = await queries.wall(db, code)
    if found is None:
        raise NotFound("There is no such wall.")
    return found


async def plan(db: Connection, code: str) -> Plan:
    """What the next edition will show. Raises NotFound."""
    found = await wall(db, code)
    return _together(
        found, await queries.panels(db, found.id), await queries.positions(db, found.id)
    )


async def change(db: Connection, code: str, details: Details, seen: int) -> Wall:
    """Say something else about a wall. Raises Conflict when it is not version `seen` any more."""
    moved = await _move_on(db, code, seen, "WallChanged")
    await queries.write_details(db, moved.id, details)
    return await wall(db, code)


async def replan(db: Connection, code: str, panels: Sequence[WishedPanel], seen: int) -> Plan:
    """Fill all shelves anew. Positions keep their ids, so that their past stays theirs.

    Raises Conflict when the wall is not version `seen` any more, Unprocessable for a product or a
    poster size that does not exist.
    """
    moved = await _move_on(db, code, seen, "WallPlanned")
    before = await queries.positions(db, moved.id)
    wished = [one for panel in panels for shelf in panel.shelves for one in shelf]
    await _check_wishes(db, moved, wished)
    formats = [rules.format_named(panel.format) for panel in panels]
    await queries.clear_plan(db, moved.id)
    planned = [
        Panel(new_id(), number, format.name, format.width_mm, format.height_mm)
        for number, format in enumerate(formats, 1)
    ]
    await queries.write_panels(db, moved.id, planned)
    known = {position.id for position in before}
    await queries.write_positions(db, list(rules.positions_of(panels, planned, known, new_id)))
    return await plan(db, code)


async def arrange(
    db: Connection,
    code: str,
    product_ids: Sequence[UUID],
    format: str,
    seen: int,
    *,
    base_url: str,
    panels: int | None = None,
) -> Plan:
    """Put products on as many panels as they take at the wall's reading distance.

    Categories stay together in the order given. Raises Unprocessable with how many would fit.
    """
    found = await wall(db, code)
    products = await catalog.products(db, product_ids, found.language)
    missing = [id for id in product_ids if id not in products]
    if missing or not product_ids:
        raise Unprocessable("Choose products from the catalogue to arrange.", code="no-products")
    wished = rules.arranged(
        [products[id] for id in dict.fromkeys(product_ids)],
        rules.format_named(format),
        found.reading_distance_mm / 1000,
        base_url,
        panels,
    )
    return await replan(db, code, wished, seen)


async def take_away(db: Connection, code: str, position_id: UUID, seen: int) -> Plan:
    """Leave a position out of the next print; what hangs goes on selling."""
    planned = await plan(db, code)
    _check_position(planned, position_id)
    return await replan(db, code, rules.without(rules.as_wished(planned), position_id), seen)


async def add_beside(
    db: Connection, code: str, position_id: UUID, product_id: UUID, seen: int
) -> Plan:
    """Another product on the same shelf, to the right of a position."""
    planned = await plan(db, code)
    _check_position(planned, position_id)
    added = WishedPosition(product_id=product_id)
    return await replan(db, code, rules.beside(rules.as_wished(planned), position_id, added), seen)


async def put(
    db: Connection,
    code: str,
    position_id: UUID,
    product_id: UUID,
    facings: int,
    seen: int,
    *,
    right_away: bool = False,
) -> int:
    """Plan another product for a position; returns how many hanging labels sell it at once.

    With `right_away` the labels that hang for this position are pointed to it without reprinting:
    whoever scans is told that the poster shows something else. Without, it is for the next print.
    """
    moved = await _move_on(db, code, seen, "PositionPointed" if right_away else "WallPlanned")
    await _check_wishes(db, moved, [WishedPosition(product_id=product_id)])
    if not await queries.change_position(db, moved.id, position_id, product_id, facings):
        raise NotFound("This wall has no such position.")
    return await queries.point_labels(db, position_id, product_id) if right_away else 0


async def order_edition(
    db: Connection,
    code: str,
    *,
    base_url: str,
    last_day: date,
    phone: str = "",
    site: str | None = None,
    ordered_by: UUID | None = None,
    offers: Mapping[UUID, str] | None = None,
    random: Random | None = None,
    draw_later: bool = True,
) -> Edition:
    """Freeze the plan with today's prices and fresh codes; the worker draws and proves it.

    It is printed for one site, the wall's first unless told. `last_day` is the last on which the
    printed prices hold; `phone`, if there is one, takes orders by product number; `offers` are the words of promotions by product, in the wall's language.
    Raises Unprocessable for what cannot be printed.
    """
    found = await lock(db, code)
    hangs_at = await site_of(db, found, site)
    planned = await plan(db, code)
    positions = planned.positions()
    ids = list({position.product_id for position in positions})
    products = await catalog.products(db, ids, found.language)
    rules.check_for_sale(planned, products)
    until = rules.promise(datetime.now(UTC), last_day, ZoneInfo(hangs_at.time_zone))
    printed = rules.to_print(
        planned,
        products,
        await fresh_tokens(db, len(positions), random),
        await queries.prior_prices(db, ids),
        offers or {},
    )
    ordered = Ordered(
        "wall",
        hangs_at.id,
        printed,
        len(positions),
        base_url,
        until,
        ordered_by,
        phone,
        rules.list_address(base_url, hangs_at.code),
    )
    return await write_order(db, found, ordered, draw_later=draw_later)


async def write_order(
    db: Connection, found: Wall, ordered: Ordered, *, draw_later: bool = True
) -> Edition:
    """The edition as it was ordered; the wall is locked by us, so its number is its own."""
    id = new_id()
    number = await queries.write_edition(db, id, found, ordered)
    await _tell_edition(db, id, 1, "EditionOrdered", found.id)
    if draw_later:
        await jobs.later(db, PRINT, {"edition": str(id)}, id=id)
    return await edition(db, found.code, number)


async def site_of(db: Connection, found: Wall, code: str | None) -> Site:
    """The site of this name, or the wall's first. Raises NotFound, Gone when it is down."""
    here = await sites.sites_of(db, found.id)
    if not here:
        # Set up by a process from before there were sites, during an upgrade.
        here = [await _first_site(db, found)]
    if code is not None:
        here = [one for one in here if one.code == code]
    if not here:
        raise NotFound("There is no such site.")
    first = next((one for one in here if one.code == found.code), here[0])
    first = first if first.state != "down" else here[0]
    if first.state == "down":
        raise Gone("This site is down.")
    return first


async def edition(db: Connection, code: str, number: int) -> Edition:
    """Raises NotFound."""
    found = await queries.edition(db, (await wall(db, code)).id, number)
    if found is None:
        raise NotFound("This wall has no such edition.")
    return found


async def _first_site(db: Connection, found: Wall) -> Site:
    """Where a design hangs when nobody has said where else."""
    details = SiteDetails(name=found.name, place_hint=found.place_hint, city=found.city)
    return await sites.add_site(db, found.id, found.code, details, time_zone=found.time_zone)


async def publish(db: Connection, code: str, number: int) -> Edition:
    """Release it to be printed and hung: its codes are known from now on, and sell as soon as its
    site is open. Raises Conflict unless its proof has passed.

    Earlier editions go on working: posters are taken down one by one.
    """
    found = await lock(db, code)
    draft = await edition(db, code, number)
    if draft.printed_at is None:
        raise Conflict("This edition is not printed yet.", code="not-printed")
    if draft.state == "draft" and not draft.ready:
        raise Conflict(
            "Not every code on this edition can be read, so it cannot be published.",
            code="proof-failed",
        )
    if not await queries.publish(db, draft.id):
        raise Conflict("This edition was published before.", code="published-before")
    site_id = draft.site_id
    state: LabelState = await sites.published(db, site_id) if site_id else "live"
    try:
        async with db.transaction():
            await queries.write_labels(db, draft.id, state, hangs=site_id is None)
    except UniqueViolationError as error:
        raise Conflict(
            "One of its codes hangs somewhere else already. Print this wall again.",
            code="code-taken",
        ) from error
    await _tell_edition(db, draft.id, 3, "EditionPublished", found.id)
    return await edition(db, code, number)


async def retire_edition(db: Connection, code: str, number: int) -> Edition:
    """Its posters are down: whoever scans one that was forgotten is told so."""
    found = await lock(db, code)
    hanging = await edition(db, code, number)
    if not await queries.retire_edition(db, hanging.id):
        raise Conflict("Only an edition that hangs can be retired.", code="not-hanging")
    await queries.retire_labels(db, [hanging.id])
    await _tell_edition(db, hanging.id, 4, "EditionRetired", found.id)
    return await edition(db, code, number)


async def retire(db: Connection, code: str) -> Wall:
    """The wall sells no more: all its labels are retired, its past stays."""
    found = await _move_on(db, code, None, "WallRetired")
    await queries.write_retirement(db, found.id)
    for site in await sites.sites_of(db, found.id):
        if site.state != "down":
            await sites.take_down(db, site.code)
    retired = await queries.retire_editions(db, found.id)
    await queries.retire_labels(db, retired)
    for edition_id in retired:
        await _tell_edition(db, edition_id, 4, "EditionRetired", found.id)
    return await wall(db, code)


async def _move_on(db: Connection, code: str, seen: int | None, kind: str) -> Wall:
    """Locks the wall, gives it its next version and tells of it."""
    moved = await queries.move_on(db, code, seen)
    if moved is None:
        raise await _why_not(db, code)
    await _tell(db, moved.id, moved.version, kind)
    return moved


async def lock(db: Connection, code: str) -> Wall:
    locked = await queries.lock(db, code)
    if locked is None:
        raise await _why_not(db, code)
    return locked


async def _why_not(db: Connection, code: str) -> Exception:
    found = await wall(db, code)
    if found.retired_at is not None:
        return Gone("This wall is retired.")
    return Conflict(
        "Somebody else changed this wall in the meantime. Look at it again, then change it.",
        code="wall-changed",
    )


def _check_position(planned: Plan, position_id: UUID) -> None:
    if position_id not in {position.id for position in planned.positions()}:
        raise NotFound("This wall has no such position.")


async def _check_wishes(db: Connection, wall: Wall, wished: Sequence[WishedPosition]) -> None:
    if len(wished) > MOST_POSITIONS:
        raise Unprocessable("A wall has room for {most} positions at most.", most=MOST_POSITIONS)
    ids = {position.product_id for position in wished}
    known = await catalog.products(db, list(ids), wall.language)
    if len(known) < len(ids):
        raise Unprocessable("A product on this wall is not in the catalogue.", code="no-product")


async def fresh_tokens(db: Connection, count: int, random: Random | None) -> list[str]:
    drawn = rules.fresh_tokens(count, set(), random)
    taken = await queries.taken_tokens(db, drawn)
    while taken:
        drawn = [token for token in drawn if token not in taken]
        drawn += rules.fresh_tokens(count - len(drawn), taken | set(drawn), random)
        taken = await queries.taken_tokens(db, drawn)
    return drawn


def _together(wall: Wall, panels: Sequence[Panel], positions: Sequence[Position]) -> Plan:
    return Plan(
        wall,
        [
            PlannedPanel(
                panel.number,
                panel.format,
                panel.width_mm,
                panel.height_mm,
                rules.shelves_of([one for one in positions if one.panel_id == panel.id]),
            )
            for panel in panels
        ],
    )


async def _tell(db: Connection, id: UUID, version: int, kind: str) -> None:
    await jobs.announce(db, aggregate="wall", id=id, number=version, kind=kind)


async def _tell_edition(db: Connection, id: UUID, number: int, kind: str, wall_id: UUID) -> None:
    """An edition is ordered, printed, published, retired: in this order, each once."""
    await jobs.announce(
        db, aggregate="edition", id=id, number=number, kind=kind, body={"wall": str(wall_id)}
    )
