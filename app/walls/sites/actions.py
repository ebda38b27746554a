"""A design hangs at many sites. Each goes from planned to printed, hung, open and down; never back."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app import jobs
from app.db import Connection, Pool, begin, new_id
from app.errors import Conflict, Gone, NotFound
from app.walls.models import LabelState
from app.walls.sites import queries, rules
from app.walls.sites.models import (
    Hanging,
    Overtaken,
    Panel,
    Site,
    SiteDetails,
    SiteState,
    Sticker,
)

TELLS = {"printed": "SitePrinted", "hung": "SiteHung", "open": "SiteOpened", "down": "SiteDown"}


async def add_site(
    db: Connection, wall_id: UUID, code: str, details: SiteDetails, *, time_zone: str
) -> Site:
    """One more place for a design. Raises Conflict when the code is taken."""
    zone = details.time_zone or time_zone
    rules.check_time_zone(zone)
    id = new_id()
    if not await queries.write_site(db, id, wall_id, code, details, zone):
        raise Conflict("There is a site “{site}” already.", code="code-taken", site=code)
    await _tell(db, id, 1, "SitePlanned")
    return await site(db, code)


async def site(db: Connection, code: str) -> Site:
    """Raises NotFound."""
    found = await queries.site(db, code)
    if found is None:
        raise NotFound("There is no such site.")
    return found


async def hung_site(db: Connection, code: str) -> Site | None:
    """A site where something hangs, or is about to; None where nothing does, or not any more."""
    found = await queries.site(db, code)
    return found if found and found.state not in ("planned", "down") else None


async def sites_of(db: Connection, wall_id: UUID | None = None) -> list[Site]:
    """Of one wall, or all there are."""
    return await queries.sites(db, wall_id)


async def change_site(db: Connection, code: str, details: SiteDetails, seen: int) -> Site:
    """Say something else about a site, or when it opens.

    Raises Conflict when it is not version `seen` any more; an open one has opened already.
    """
    before = await site(db, code)
    zone = details.time_zone or before.time_zone
    rules.check_time_zone(zone)
    await _move_on(db, code, seen, "SiteChanged")
    await queries.write_details(db, before.id, details, zone)
    await _open_if_due(db, before.id, code)
    return await site(db, code)


async def hang_panel(
    db: Connection, code: str, panel: int, token: str, by: UUID | None = None
) -> Site:
    """The crew has scanned a code on what hangs as `panel`: right poster, right site, right place.

    Said again, it is the same. Raises Conflict naming where the poster belongs; when its last
    panel hangs, so does the site, and it opens if its hour has come.
    """
    here = await _held(db, code)
    if here.edition is None:
        raise Conflict("Nothing is printed for this site yet.", code="not-printed")
    await _check_it_is_for(db, here, panel, token)
    await _say_it_hangs(db, here, [panel], by)
    return await site(db, code)


async def hang_all(db: Connection, code: str, by: UUID | None = None) -> Site:
    """Every panel of the newest print hangs, as somebody saw who needed no scanner."""
    here = await _held(db, code)
    if here.edition is None:
        raise Conflict("Nothing is printed for this site yet.", code="not-printed")
    await _say_it_hangs(db, here, list(range(1, here.panels + 1)), by)
    return await site(db, code)


async def open_site(db: Connection, code: str) -> Site:
    """Now, whatever its hour was. Raises Conflict unless it hangs and is not open yet."""
    here = await site(db, code)
    if not await _open(db, here.id):
        if here.state == "open":
            raise Conflict("This site is open already.", code="cannot-open")
        raise Conflict("Only a site whose panels all hang can open.", code="cannot-open")
    return await site(db, code)


async def open_due(pool: Pool) -> None:
    """Open every site that hangs and whose hour has come."""
    async with begin(pool) as db:
        for id in await queries.due_to_open(db):
            await _open(db, id)


async def take_down(db: Connection, code: str) -> Site:
    """Nothing hangs there any more: whoever scans what was forgotten is told so.

    A site stays down; what hangs there next year is another one. Raises Conflict when it is down.
    """
    here = await site(db, code)
    if await _move_to(db, here.id, "down") is None:
        raise Gone("This site is down.")
    await queries.close_labels_at(db, here.id)
    for edition_id in await queries.retire_editions_at(db, here.id):
        await jobs.announce(
            db, aggregate="edition", id=edition_id, number=4, kind="EditionRetired",
            body={"wall": str(here.wall_id)},
        )  # fmt: skip
    return await site(db, code)


async def panels(db: Connection, code: str) -> list[Panel]:
    """Of the newest print of a site, whether they hang or not."""
    edition_id = await queries.newest_print(db, (await site(db, code)).id)
    return await queries.panels_of(db, edition_id) if edition_id else []


async def hanging(db: Connection, site_id: UUID) -> list[Hanging]:
    """What somebody sees who walks along it, in that order."""
    return await queries.hanging(db, site_id)


async def overtaken(db: Connection, site_id: UUID) -> list[Overtaken]:
    """Labels that no longer say what holds, in walking order."""
    return rules.overtaken(
        await queries.hanging(db, site_id), await queries.printed_stickers(db, site_id)
    )


async def stickers(db: Connection, site_id: UUID) -> list[Sticker]:
    """Printed stickers that are still to be pasted, in walking order."""
    return await queries.stickers(db, site_id)


async def paste(db: Connection, code: str, tokens: list[str]) -> int:
    """These stickers were pasted over the labels they replace; how many were not before.

    Raises NotFound when none of them is a sticker of this site.
    """
    here = await site(db, code)
    known = {one.token for one in await queries.stickers(db, here.id)}
    pasted = await queries.pasted_before(db, here.id, tokens)
    if not known.intersection(tokens) and not pasted:
        raise NotFound("This is no sticker for this site.", code="no-sticker")
    if not known.intersection(tokens):
        return 0
    await _move_on(db, code, None, "StickersPasted")
    return len(await queries.paste(db, here.id, tokens))


async def published(db: Connection, site_id: UUID) -> LabelState:
    """A print was published for a site: the state of its labels. Raises Gone when it is down.

    The site's row is held from here on, so that it cannot open between this and the labels.
    """
    moved = await _move_to(db, site_id, "printed")
    state = moved or await queries.hold(db, site_id)
    if state == "down":
        raise Gone("This site is down.")
    return "live" if state == "open" else "waiting"


async def opening(db: Connection, token: str) -> tuple[datetime | None, ZoneInfo] | None:
    """When the site of a label opens, and its clock; None for a label of no site."""
    found = await queries.next_opening(db, token)
    return (found[0], ZoneInfo(found[1])) if found else None


async def _check_it_is_for(db: Connection, here: Site, panel: int, token: str) -> None:
    found = await queries.printed_for(db, token)
    if found is None:
        raise NotFound("We do not know this code. Please check it on the poster.")
    if found["site_id"] != here.id:
        raise Conflict(
            "This poster is for {site}, not for here.", code="other-site",
            site=", ".join(part for part in (found["name"], found["place_hint"]) if part),
        )  # fmt: skip
    if found["state"] != "published" or found["number"] != here.edition:
        raise Conflict(
            "This is edition {old}; edition {new} is to hang here.",
            code="old-print", old=found["number"], new=here.edition or 0,
        )  # fmt: skip
    if found["panel"] != panel:
        raise Conflict(
            "This is panel {found}. Here hangs panel {panel}.",
            code="wrong-panel", found=found["panel"], panel=panel,
        )  # fmt: skip


async def _say_it_hangs(db: Connection, here: Site, numbers: list[int], by: UUID | None) -> None:
    edition_id = await queries.newest_print(db, here.id)
    assert edition_id is not None, "a site that is printed has a print"
    fresh = [one for one in numbers if await queries.hang_panel(db, edition_id, one, by)]
    if not fresh:
        return
    for number in fresh:
        await queries.hang_labels(db, edition_id, number)
        await queries.cover_older(db, edition_id, number)
    await _move_on(db, here.code, None, "PanelHung")
    if all(one.hung_at for one in await queries.panels_of(db, edition_id)):
        await queries.cover_older(db, edition_id, None)
        await _move_to(db, here.id, "hung")
        await _open_if_due(db, here.id, here.code)


async def _held(db: Connection, code: str) -> Site:
    """The site as it is and stays until the transaction ends."""
    if await queries.hold(db, (await site(db, code)).id) == "down":
        raise Gone("This site is down.")
    return await site(db, code)


async def _open_if_due(db: Connection, id: UUID, code: str) -> None:
    here = await site(db, code)
    if here.state == "hung" and here.opens_at and here.opens_at <= datetime.now(UTC):
        await _open(db, id)


async def _open(db: Connection, id: UUID) -> bool:
    if await _move_to(db, id, "open") is None:
        return False
    await queries.sell(db, id)
    return True


async def _move_to(db: Connection, id: UUID, state: SiteState) -> str | None:
    moved = await queries.move_to(db, id, state, rules.MOVES[state])
    if moved is None:
        return None
    await _tell(db, id, moved[1], TELLS[state])
    return moved[0]


async def _move_on(db: Connection, code: str, seen: int | None, kind: str) -> None:
    version = await queries.move_on(db, code, seen)
    here = await site(db, code)
    if version is None and here.state == "down":
        raise Gone("This site is down.")
    if version is None:
        raise Conflict(
            "Somebody else changed this site in the meantime. Look at it again, then change it.",
            code="site-changed",
        )
    await _tell(db, here.id, version, kind)


async def _tell(db: Connection, id: UUID, version: int, kind: str) -> None:
    await jobs.announce(db, aggregate="site", id=id, number=version, kind=kind)
