"""What a scan is answered with: the line it made, or why there is none."""

from typing import Annotated, Any, NoReturn
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import State
from msgspec import Meta

from app import cart, walls
from app.cart.models import NO_EDITION, Add, Outcome
from app.db import Connection, Pool, begin
from app.errors import Conflict, NotFound
from app.http.bounds import NO_CONTROLS, Amount, Quantity
from app.http.limits import miss
from app.http.problems import language_of
from app.scan import hours, names
from app.scan.looking import look
from app.scan.models import Code, LookFirst, Scanned, ScannedLine, WallListed

AnyRequest = Request[Any, Any, Any]
Scannable = Annotated[str, Meta(min_length=1, max_length=300, pattern=NO_CONTROLS)]


class Scan(msgspec.Struct):
    """`text` is what the code says, or what somebody typed. `seen_product` and `seen_price` are
    sent by the tap of somebody who was shown that they differ from the poster."""

    id: UUID
    text: Scannable
    quantity: Quantity = 1
    seen_product: UUID | None = None
    seen_price: Amount | None = None


def wish(one: Scan, code: Code) -> Add:
    return Add(
        id=one.id,
        quantity=one.quantity,
        label=code.label,
        gtin=code.gtin,
        measured=code.measured,
        seen_product=one.seen_product,
        seen_price=one.seen_price,
        added_from="wall",
    )


async def list_of(request: AnyRequest, one: Scan, site_code: str) -> WallListed:
    """The list that the code of a whole wall opens, here, whatever host it was printed with.

    Raises NotFound where nothing hangs, or nothing any more.
    """
    async with begin(request.app.state.pool) as db:
        site = await walls.hung_site(db, site_code)
    if site is None:
        await miss(request, "code")
        raise NotFound("There is no such wall.")
    return WallListed(id=one.id, address=f"/w/{site.code}", name=site.name)


async def check_known(request: AnyRequest, code: Code) -> None:
    """Before somebody without a basket gets one: guessing codes leaves nothing behind."""
    if cart.of_request(request) is None:
        async with begin(request.app.state.pool) as db:
            known = await is_known(request, db, code)
        if not known:
            await refuse_unknown(request, code)


async def is_known(request: AnyRequest, db: Connection, code: Code) -> bool:
    return (await look(db, code, language_of(request))).state != "unknown"


async def refuse_unknown(request: AnyRequest, code: Code) -> NoReturn:
    """Raises NotFound, or TooMany for who keeps guessing."""
    await miss(request, "code")
    raise cart.in_words("unknown-label" if code.label else "unknown-product")


async def refuse(request: AnyRequest, outcome: Outcome, label: str) -> None:
    """Raises what was refused, in words, with what holds now."""
    assert outcome.refused is not None
    if outcome.refused in ("unknown-label", "unknown-product"):
        await miss(request, "code")
    if outcome.refused == "not-open-yet":
        raise await _not_open(request, label)
    raise cart.in_words(outcome.refused, await _difference(request, outcome))


async def _not_open(request: AnyRequest, label: str) -> Conflict:
    async with begin(request.app.state.pool) as db:
        at, zone = await walls.opening(db, label) or (None, request.app.state.settings.zone)
    return hours.opens(at, zone.key, language_of(request), hours.now())


async def _difference(request: AnyRequest, outcome: Outcome) -> LookFirst | None:
    if outcome.differs is None:
        return None
    pool, language = request.app.state.pool, language_of(request)
    now, then = outcome.differs.product_id, outcome.differs.printed_product
    return LookFirst(
        product=await names.product(pool, now, language) if now else None,
        printed_product=await names.product(pool, then, language) if then else None,
        price=outcome.differs.price,
        printed_price=outcome.differs.printed_price,
    )


async def answer_to(request: AnyRequest, label: str, outcome: Outcome) -> Scanned:
    return await scanned(request.app.state, language_of(request), label, outcome)


async def scanned(state: State, language: str, label: str, outcome: Outcome) -> Scanned:
    """The line as it became, with its name and picture."""
    pool: Pool = state.pool
    line = outcome.line
    assert line is not None, "what is not refused has changed a line"
    product = await names.product(pool, line.product_id, language)
    return Scanned(
        id=outcome.id,
        version=outcome.version,
        count=outcome.count,
        line=ScannedLine(
            product_id=line.product_id,
            handover=line.handover,
            edition_id=line.edition_id,
            label=label if line.edition_id != NO_EDITION else "",
            quantity=line.quantity,
            name=product.name if product else "",
            picture=product.picture if product else None,
            price=line.price if line.price is not None else product.price if product else 0,
            currency=product.currency if product else state.settings.currency,
        ),
    )
