"""Cash sales the network did not see: the money is in the drawer and the goods are gone, so they
are taken in as they were, each once, however often the till sends them."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from app import cart, checkout, commands, staff
from app.cart.models import Add, LineKey
from app.checkout import Sale
from app.db import Connection, new_id
from app.errors import Conflict
from app.languages import Language
from app.money import Money
from app.staff import Person
from app.tills import drawers, paying, queries, rules
from app.tills.models import OfflineSale, Till

BEFORE = "before"
"""Why no coins have come in for it."""


async def take_in(
    db: Connection,
    till: Till,
    person: Person,
    sale: OfflineSale,
    spare_cart: UUID,
    language: Language,
    secret: str,
) -> UUID:
    """Returns the receipt. Prices are those that were charged; where the books had less on the
    shelf than was sold they are corrected. Raises Conflict when a product is not known any more or
    the sums do not fit: a person has to look."""

    shift_id = await drawers.at_work(db, till)  # that it is closed is no answer for ever

    async def act() -> dict[str, str]:
        rules.check_clock(sale.at, datetime.now(UTC))
        wanted = [
            Add(
                id=uuid5(sale.id, str(place)),
                cart_id=spare_cart,
                quantity=line.quantity,
                product_id=line.product_id,
                handover="carry-out",
                added_from="till",
            )
            for place, line in enumerate(sale.lines)
        ]
        for outcome in await cart.apply(db, wanted):
            if outcome.refused:
                raise cart.in_words(outcome.refused)
        return await _sell(db, till, person, shift_id, sale, spare_cart, language, secret)

    done = await commands.once(db, till.id, sale.id, _plain(sale), act)
    return UUID(done["receipt"])


async def _sell(
    db: Connection,
    till: Till,
    person: Person,
    shift_id: UUID,
    sale: OfflineSale,
    cart_id: UUID,
    language: Language,
    secret: str,
) -> dict[str, str]:
    keys = {line.product_id: LineKey(line.product_id, "carry-out") for line in sale.lines}
    prices = {_name(keys[line.product_id]): line.price for line in sale.lines}
    basket = await cart.read(db, cart_id, language)
    assert basket is not None, "just filled"
    asked = Sale(
        cart_version=basket.version,
        total=sale.total,
        place_id=till.place_id,
        prices=prices,
        found=True,
        age_checked=True,
        offers=False,
    )
    assert till.currency is not None, "the till is open"
    round_by = drawers.rounding(till, sale.total, till.currency)
    if sale.given < sale.total + round_by:
        raise Conflict("That is not enough. Count the money once more.", code="too-little-given")
    await queries.begin_receipt(
        db, sale.id, till.id, shift_id, cart_id, state="parked", offline=True
    )
    receipt = await queries.lock_receipt(db, sale.id, till.id)
    assert receipt is not None, "just begun"
    intent = await checkout.sell(
        db,
        cart_id,
        sale.id,
        asked,
        language,
        payment=checkout.Payment(cash=sale.total),
        secret=secret,
    )
    await paying.note_cash(
        db, receipt, person, intent.order_id, sale.total, sale.given, round_by, sale.at
    )
    if till.shift_opened_at is not None and sale.at < till.shift_opened_at:
        await _counted_before(db, person, shift_id, sale.total + round_by)
    await staff.note(db, person, "till.offline_sale", str(receipt.id))
    return {"receipt": str(receipt.id)}


async def _counted_before(db: Connection, person: Person, shift_id: UUID, cash: Money) -> None:
    """It was sold before this drawer was opened: its coins were in the count of the shift before, or
    in this float, so none have come in since."""
    await queries.move(db, new_id(), shift_id, "paid-out", -cash, person.id, reason=BEFORE)


def _name(line: LineKey) -> str:
    return f"{line.product_id}/{line.handover}/{line.edition_id}"


def _plain(sale: OfflineSale) -> dict[str, object]:
    lines = [[str(line.product_id), line.quantity, line.price] for line in sale.lines]
    return {"do": "offline sale", "lines": lines, "total": sale.total, "given": sale.given}
