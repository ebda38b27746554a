from uuid import UUID

from app import jobs, walls
from app.db import Connection, new_id
from app.errors import Conflict, Malformed, NotFound
from app.scan import rules as reading
from app.scan.audits import queries, rules
from app.scan.audits.models import Audit, Expected, Known, Outcome, Scan, Spot, Walk
from app.scan.models import Code


async def start(db: Connection, site_code: str, by: UUID | None) -> UUID:
    """Begin a walk along a site; its id. Raises Conflict when nothing hangs there."""
    site = await walls.site(db, site_code)
    expected = await queries.expected(db, site.id)
    if not expected:
        raise Conflict("Nothing hangs there to look at.", code="nothing-hangs")
    id = new_id()
    await queries.write_audit(db, id, site.id, by, len(expected))
    await jobs.announce(db, aggregate="audit", id=id, number=1, kind="AuditStarted")
    return id


async def audit(db: Connection, id: UUID) -> Walk:
    """A walk as it stands. Raises NotFound."""
    found = await _audit(db, id)
    return Walk(found, await queries.expected(db, found.site_id), await queries.scans(db, id))


async def audits(db: Connection, site_id: UUID) -> list[Audit]:
    """Of a site, the newest first."""
    return await queries.audits(db, site_id)


async def newest(db: Connection, site_code: str) -> UUID:
    """The walk begun last along a site. Raises NotFound."""
    begun = await queries.audits(db, (await walls.site(db, site_code)).id)
    if not begun:
        raise NotFound("There is no such walk.")
    return begun[0].id


async def check(db: Connection, id: UUID, text: str, at: Spot, *, base_url: str) -> Scan:
    """What was read where somebody stands, kept. A foreign code is text to us, never an address.

    Raises NotFound for a spot that the wall has not, Conflict when the walk has ended, Malformed
    for the code of the wall's list, which hangs where it belongs and is none of its labels.
    """
    found = await _audit(db, id)
    expected = await queries.expected(db, found.site_id)
    here = next((one for one in expected if one.spot == at), None)
    if here is None:
        raise NotFound("This wall has no such place.")
    if whole := reading.wall_list(text):
        beside = await queries.known(db, here.label)
        outcome = rules.outcome_of_list(
            text, whole, site_code=found.site_code, base_url=beside.base_url if beside else base_url
        )
        return await _keep(db, id, outcome, at, None, text)
    code = _read(text)
    label = _meant(code, here, expected) if code else ""
    known = await queries.known(db, label) if label else None
    ours = code is not None
    outcome = rules.outcome(text, known, site_id=found.site_id, at=at, ours=ours, base_url=base_url)
    return await _keep(db, id, outcome, at, known, text)


async def _keep(
    db: Connection, id: UUID, outcome: Outcome, at: Spot, known: Known | None, text: str
) -> Scan:
    number = await queries.next_number(db, id)
    if number is None:
        raise Conflict("This walk has ended. Begin a new one.", code="audit-ended")
    foreign = outcome in ("foreign", "unknown")
    scan = Scan(
        number, outcome, *at, None if known is None or foreign else known.label,
        rules.said(text) if foreign else None,
    )  # fmt: skip
    await queries.write_scan(db, id, number, outcome, at, scan.label, scan.text)
    return scan


async def end(db: Connection, id: UUID) -> Audit:
    """Keep what the walk found. Raises Conflict when it has ended before."""
    walk = await audit(db, id)
    if not await queries.end(db, id, rules.report(walk.expected, walk.scans)):
        raise Conflict("This walk has ended. Begin a new one.", code="audit-ended")
    await jobs.announce(db, aggregate="audit", id=id, number=2, kind="AuditEnded")
    return await _audit(db, id)


async def _audit(db: Connection, id: UUID) -> Audit:
    found = await queries.audit(db, id)
    if found is None:
        raise NotFound("There is no such walk.")
    return found


def _read(text: str) -> Code | None:
    try:
        return reading.read(text)
    except Malformed:
        return None


def _meant(code: Code, here: Expected, expected: list[Expected]) -> str:
    """A product's number alone, as somebody types it, means the label on which it stands."""
    if code.label:
        return code.label
    near = [here, *expected]
    return next((one.label for one in near if one.gtin == code.gtin), "")
