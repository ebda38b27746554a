"""How long a checkout may take, and what an order takes over from a receipt."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app.catalog.models import Product
from app.checkout.models import Agreed, Attempt, Quote, Sender, ToCollect, Wanted
from app.collecting.models import Promise
from app.db import NOTHING
from app.errors import Conflict, ShopError
from app.languages import Language
from app.orders.models import Address, Contact, Line, NewOrder, PickUp, Sent, Sums, Wish
from app.payments.models import Takes
from app.payments.rules import HELD_FOR
from app.settings import Settings
from app.slots import models as slots
from app.slots.models import Slot
from app.slots.rules import need, read_postcode
from app.sourcing.models import Missing
from app.stock import models as stock

CARRY_OUT, COLLECT, DELIVERY = "carry-out", "collect", "delivery"
NO_WISHES: Mapping[str, Wish] = MappingProxyType({})

TO_PLACE = timedelta(seconds=60)
"""From the last time somebody asked for it to the order; who stays away longer has given up."""
TO_PAY = timedelta(minutes=11)
"""Then the payment page closes. With the time to ask the provider that makes 15 minutes."""
TO_SETTLE = timedelta(minutes=4)
A_DAY = timedelta(days=1)
AT_THE_COUNTER = timedelta(minutes=1)
"""An order has a window; one that is sold at a counter is over before it is printed."""
TO_HOLD = timedelta(minutes=20)
"""Stock and slot are held longer than any payment can take: what is paid is there."""


def carried_hold(attempt_id: UUID) -> UUID:
    """What is carried out is held apart from what is picked: it leaves with the payment."""
    return uuid5(attempt_id, CARRY_OUT)


def desk_hold(attempt_id: UUID) -> UUID:
    """What is collected of a basket whose other lines are brought is held apart from those, so that
    either part can be picked first, also where one place does both."""
    return uuid5(attempt_id, COLLECT)


def goods(senders: Sequence[Sender]) -> tuple[stock.Line, ...]:
    """What has to be there: the same product on two lines is one wish."""
    return tuple(
        stock.Line(id, sender.place_id, n)
        for sender in senders
        for id, n in sorted(sender.goods.items())
    )


def pieces(quote: Quote, way: str) -> dict[UUID, int]:
    """Product → pieces that go home this way."""
    quantities: Counter[UUID] = Counter()
    for share, bought in zip(quote.receipt.lines, quote.bought, strict=True):
        if bought.handover == way:
            quantities[share.product_id] += share.quantity
    return dict(quantities)


def way_of(wanted: Agreed) -> str:
    """How what has a slot goes home."""
    return COLLECT if isinstance(wanted, ToCollect) else DELIVERY


def need_of(
    products: Iterable[Product], goods: Mapping[UUID, int], point: tuple[float, float] | None
) -> slots.Need:
    """What these goods take of a slot and of a van."""
    known = {product.id: product for product in products}
    stored: Counter[slots.Storage] = Counter()
    weight_g = 0
    for id, pieces in goods.items():
        stored[known[id].storage if id in known else "ambient"] += pieces
        weight_g += (known[id].weight_g or 0) * pieces if id in known else 0
    return need(stored, weight_g, point)


def elsewhere(
    lines: Sequence[Line], goods: Mapping[UUID, Mapping[UUID, int]], home: UUID
) -> list[Sent]:
    """What of each line is sent by others than the order's own place, which sends what it can of the
    first lines. `goods` are place → product → pieces."""
    left = {place: dict(pieces) for place, pieces in goods.items()}
    first_home = sorted(left, key=lambda place: (place != home, place))
    sent = []
    for line in lines:
        wanted = line.quantity if line.handover == "delivery" else 0
        for place in first_home:
            taken = min(wanted, left[place].get(line.product_id, 0))
            if taken:
                left[place][line.product_id] -= taken
                wanted -= taken
                sent.append(Sent(line.line_no, place, taken))
    return [part for part in sent if part.place_id != home]


def order_of(
    attempt: Attempt,
    quote: Quote,
    slot: Slot,
    senders: Sequence[Sender],
    wanted: Agreed,
    language: Language,
    *,
    desk: Slot | None = None,
) -> NewOrder:
    """`desk` is where and when part of it is collected, if another part is brought."""
    receipt, lines = quote.receipt, lines_of(quote, wanted.substitutions)
    return NewOrder(
        id=attempt.order_id,
        cart_id=attempt.cart_id,
        place_id=slot.place_id,
        slot_id=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        contact=Contact(wanted.name, wanted.email, wanted.phone),
        address=_address_of(wanted),
        note=wanted.note,
        substitution=wanted.substitution,
        language=language,
        currency=quote.currency,
        sums=Sums(
            receipt.subtotal, receipt.discount, receipt.deposits, receipt.delivery, receipt.total
        ),
        receipt=msgspec.to_builtins(receipt),
        lines=lines,
        pick_up=PickUp(desk.place_id, desk.starts_at, desk.ends_at) if desk else None,
        elsewhere=elsewhere(lines, {one.place_id: one.goods for one in senders}, slot.place_id),
        line_notes=notes_of(quote),
    )


def standing(place_id: UUID, promise: Promise) -> Slot:
    """What is collected has a time as well: from when it is ready until it is kept no longer. It is
    no row of the slots, and has room for everybody."""
    return Slot(
        id=NOTHING,
        place_id=place_id,
        starts_at=promise.ready_by,
        ends_at=promise.keep_until,
        cutoff_at=promise.ready_by,
        capacity=0,
        used=0,
        fee=0,
    )


def check_ways(quote: Quote, wanted: Agreed) -> None:
    """All of it goes home the ways that are asked for. Raises Conflict where it does not."""
    asked = {way_of(wanted)}
    if isinstance(wanted, Wanted) and wanted.collect is not None:
        asked.add(COLLECT)
    ways = {bought.handover for bought in quote.bought}
    if CARRY_OUT in ways:
        raise at_the_till()
    if ways != asked:
        raise another_way()


def _address_of(wanted: Agreed) -> Address:
    if isinstance(wanted, ToCollect):
        return Address("", "", "", "")
    postcode = read_postcode(wanted.postcode).text
    return Address(wanted.street, wanted.house_number, postcode, wanted.city)


def takes_money(settings: Settings, until: datetime, now: datetime) -> Takes:
    """When all of the order is packed, in a shop that weighs; but no bank may let go of it before the
    last part of it has left, which is `until` at the latest."""
    lasts = until + A_DAY < now + HELD_FOR
    return "later" if settings.takes_money == "packed" and lasts else "now"


def out_of_stock(quote: Quote, short: Sequence[stock.Short | Missing]) -> Conflict:
    """Names what there is too little of; the basket stays as it is."""
    names = {bought.product.id: bought.product.name for bought in quote.bought}
    lacking = [
        {
            "product_id": str(lack.product_id),
            "name": names.get(lack.product_id, ""),
            "wanted": lack.wanted,
            "available": lack.available,
        }
        for lack in short
    ]
    products = ", ".join(str(lack["name"]) for lack in lacking)
    if {bought.handover for bought in quote.bought} >= {COLLECT, DELIVERY}:
        return Conflict(
            "There is not enough left to bring home of: {products}. Collect that at a store instead, "
            "or take it out.",
            code="out-of-stock",
            products=products,
            state={"products": lacking, "part": DELIVERY},
        )
    return Conflict(
        "There is not enough left of: {products}.",
        code="out-of-stock",
        products=products,
        state={"products": lacking},
    )


def not_at_desk(quote: Quote, place: str, short: Sequence[stock.Short]) -> Conflict:
    """Of a basket in two parts: the one that was to be collected. It never becomes a delivery by
    itself."""
    lack = out_of_stock(quote, short)
    return Conflict(
        "{place} has not enough any more of: {products}. Collect that at another place, or have it "
        "brought home.",
        code="out-of-stock",
        place=place,
        products=lack.values["products"],
        state={**(lack.state or {}), "part": COLLECT},
    )


def total_changed(quote: Quote) -> Conflict:
    """With the new breakdown. When it is a coupon that counts no more, that is what it says."""
    state = {
        "cart_version": quote.cart_version,
        "receipt": msgspec.to_builtins(quote.receipt),
        "coupons": msgspec.to_builtins(quote.coupons),
    }
    if any(one.state != "fits" for one in quote.coupons):
        return Conflict(
            "Your coupon cannot be used, or not any more. Please look at the new total.",
            code="coupon-gone",
            state=state,
        )
    return Conflict(
        "The total has changed while you were looking. Please look at it once more.",
        code="total-changed",
        state=state,
    )


def basket_changed() -> Conflict:
    return Conflict(
        "Your basket has changed meanwhile. Please look at it once more.", code="basket-changed"
    )


def age_of(quote: Quote) -> int:
    """The highest age limit of what is in the basket; 0 when everybody may have it."""
    return max((bought.product.age_limit or 0 for bought in quote.bought), default=0)


def check_age(quote: Quote, *, of_age: bool) -> None:
    """Asked before the purchase, and looked at again at the door. Raises Conflict."""
    if (age := age_of(quote)) and not of_age:
        raise Conflict(
            "There is something in it for {age} and older. Say that you are, or take it out.",
            code="age-not-said",
            age=age,
        )


def at_the_till() -> Conflict:
    return Conflict(
        "Part of this basket is taken along from a store. Pay it there, or have all of it brought "
        "home.",
        code="at-the-till",
    )


def another_way() -> Conflict:
    return Conflict(
        "Your basket goes home another way by now. Please look once more how each part of it goes.",
        code="another-way",
    )


def slot_gone() -> Conflict:
    return Conflict(
        "This delivery time is full or closed by now. Please choose another one.",
        code="slot-full",
    )


def outside(postcode: str) -> Conflict:
    return Conflict(
        "We do not come to {postcode}: it is outside the areas we deliver to. Take your basket along "
        "at a store, or give another postcode.",
        code="outside-area",
        postcode=postcode,
    )


def not_delivered(postcode: str) -> Conflict:
    return Conflict(
        "At this time we do not deliver to {postcode}. Please choose another time.",
        code="slot-elsewhere",
        postcode=postcode,
    )


def lapsed() -> Conflict:
    return Conflict(
        "This took too long, so your basket is open again. Please order once more.",
        code="checkout-lapsed",
    )


def kept(refusal: ShopError) -> dict[str, Any]:
    """A refusal as it is kept, so that the same command is refused in the same words again."""
    return {
        "code": refusal.code,
        "sentence": refusal.sentence,
        "values": {name: str(value) for name, value in refusal.values.items()},
        "state": refusal.state,
    }


def given_again(refusal: dict[str, Any]) -> Conflict:
    return Conflict(
        refusal["sentence"], code=refusal["code"], state=refusal["state"], **refusal["values"]
    )


def notes_of(quote: Quote) -> dict[UUID, str]:
    """What was said about single products."""
    return {one.product.id: one.note for one in quote.bought if one.note}


def lines_of(quote: Quote, wishes: Mapping[str, Wish] = NO_WISHES) -> list[Line]:
    return [
        Line(
            line_no=number,
            product_id=share.product_id,
            edition_id=bought.edition_id,
            gtin=bought.product.gtin,
            name=bought.product.name,
            picture=bought.product.picture,
            handover=bought.handover,
            quantity=share.quantity,
            unit_price=share.unit_price,
            discount=share.discount,
            paid=share.paid,
            vat=share.vat,
            deposit=share.deposit,
            age_limit=bought.product.age_limit,
            storage=bought.product.storage,
            substitution=wishes.get(str(share.product_id)),
            measured_g=bought.measured_g,
        )
        for number, (share, bought) in enumerate(
            zip(quote.receipt.lines, quote.bought, strict=True), start=1
        )
    ]
