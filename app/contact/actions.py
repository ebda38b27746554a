"""What an agent does with a caller on the line; every look has a reason, every act leaves a trace."""

from collections.abc import Mapping
from uuid import UUID

from app import cart, checkout, commands, fulfilment, messaging, orders, payments, scan, staff
from app.cart import pairing
from app.cart.models import Add, Handover, LineKey
from app.checkout.models import Agreed, Placed
from app.contact import letters, queries, rules
from app.contact.models import Call, FoundBy, Match, Proof
from app.db import Connection, new_id
from app.db import begin as begin_transaction
from app.errors import Conflict, Malformed, NotAllowed, NotFound
from app.languages import Language
from app.messaging.rules import id_of
from app.orders.rules import link_token
from app.payments import giftcards
from app.settings import Settings
from app.staff import Person


async def find(
    db: Connection,
    agent: Person,
    reason: str,
    *,
    number: str = "",
    email: str = "",
    phone: str = "",
    postcode: str = "",
    name: str = "",
) -> list[Match]:
    """Orders that fit, by the first thing that was given; the search itself is kept, with its
    reason and without what was searched for. Raises Malformed when nothing to go by was given."""
    rules.check_no_card(reason)
    digits = "".join(letter for letter in phone if letter in "0123456789")
    if number.strip():
        kind, found = "number", await queries.by_number(db, _tidy_number(number))
    elif email.strip():
        kind, found = "email", await queries.by_email(db, email.strip())
    elif len(digits) >= 9:
        kind, found = "phone", await queries.by_phone(db, digits[-9:])
    elif postcode.strip() and len(name.strip()) >= 2:
        kind = "postcode"
        found = await queries.by_postcode_and_name(db, postcode.strip(), name.strip())
    else:
        raise Malformed(
            "Give an order number, a mail address, a phone number, or a postcode with a name.",
            code="nothing-to-find",
        )
    await staff.note(db, agent, "contact.find", f"by {kind}", reason)
    return found


async def begin(
    db: Connection,
    agent: Person,
    command: UUID,
    order_id: UUID,
    reason: str,
    found_by: FoundBy = "",
) -> UUID:
    """A call about this order. Raises NotFound."""

    async def act() -> dict[str, str]:
        if await orders.read(db, order_id) is None:
            raise NotFound("There is no such order.")
        id = new_id()
        await queries.open_call(db, id, agent.id, reason, order_id=order_id, found_by=found_by)
        await staff.note(db, agent, "contact.look", str(order_id), reason)
        return {"call": str(id)}

    rules.check_no_card(reason)
    asked = {"do": "begin", "order": order_id, "reason": reason}
    done = await commands.once(db, agent.id, command, asked, act)
    return UUID(done["call"])


async def start_basket(
    db: Connection, agent: Person, command: UUID, cart_id: UUID, reason: str, code: str = ""
) -> UUID:
    """Somebody wants to order on the phone: with this empty basket, or with the one on their own
    phone, by a code that lets us help. Whoever gives a basket has nothing else to prove.

    Raises Gone for a code that was used or is old, Conflict for one that only lets us look.
    """

    async def act() -> dict[str, str]:
        id, basket, view_id = new_id(), cart_id, None
        if code:
            view = await pairing.view(db, await pairing.enter(db, code))
            if view is None or view.cart_id is None or view.role != "help":
                raise Conflict(
                    "This code only lets you look. Ask the customer for one that lets you help.",
                    code="look-only",
                )
            basket, view_id = view.cart_id, view.id
        await queries.open_call(
            db, id, agent.id, reason, cart_id=basket, view_id=view_id, verified=True
        )
        await staff.note(db, agent, "contact.order", str(basket), reason)
        return {"call": str(id)}

    rules.check_no_card(reason)
    done = await commands.once(
        db, agent.id, command, {"do": "order", "reason": reason, "code": code}, act
    )
    return UUID(done["call"])


async def read(db: Connection, agent: Person, id: UUID) -> Call:
    """Raises NotFound for a call that is not this agent's, or is long over."""
    found = await queries.call(db, id, agent.id)
    if found is None:
        raise NotFound("There is no such call. Find the customer again.")
    return found


async def order_on(db: Connection, agent: Person, id: UUID) -> UUID:
    """The order of a caller who was verified and is still on the line. Raises NotAllowed where they were
    not, Conflict when the call has ended or is about no order."""
    return _order(await _verified(db, agent, id))


async def verify(db: Connection, agent: Person, id: UUID, said: Mapping[Proof, str]) -> bool:
    """Whether the caller knew enough. Raises NotAllowed after five tries."""
    call = await read(db, agent, id)
    order = await orders.read(db, call.order_id) if call.order_id else None
    if call.verified_at is not None or order is None:
        return True
    await orders.lock(db, order.id)  # tries are counted over all calls about it
    if not await queries.take_try(db, id):
        raise NotAllowed(
            "Too many tries. Call back on the number of the order instead.", code="call-back"
        )
    fresh = {
        kind: text
        for kind, text in said.items()
        if text.strip() and kind not in rules.GIVEN_AWAY.get(call.found_by, ())
    }
    known = rules.knows(order, fresh)
    right = known >= rules.ENOUGH
    if right:
        await queries.note_verified(db, id)
    await staff.note(
        db, agent, "contact.verified" if right else "contact.not_verified", str(order.id)
    )
    return right


async def add(
    db: Connection,
    agent: Person,
    id: UUID,
    command: UUID,
    text: str,
    quantity: int,
    handover: Handover = "delivery",
) -> None:
    """By the number on the wall or on the pack, into the basket on the line."""
    code = scan.read(text)
    call = await _verified(db, agent, id)
    wanted = Add(
        id=command,
        cart_id=_basket(call),
        quantity=quantity,
        label=code.label,
        gtin="" if code.label else code.gtin,
        measured=code.measured,
        handover=handover,
        added_from="agent",
    )
    await _apply(db, wanted)


async def step(
    db: Connection, agent: Person, id: UUID, command: UUID, line: LineKey, more: int
) -> None:
    call = await _verified(db, agent, id)
    wanted = Add(
        id=command,
        cart_id=_basket(call),
        quantity=more,
        product_id=line.product_id,
        handover=line.handover,
        edition_id=line.edition_id,
        added_from="agent",
    )
    await _apply(db, wanted)


async def note(db: Connection, agent: Person, id: UUID, command: UUID, text: str) -> None:
    """What was said, for whoever helps next; never a card number."""
    rules.check_no_card(text)
    call = await read(db, agent, id)
    await queries.write_note(db, command, call.id, text)


async def look_at_card(
    db: Connection, agent: Person, reason: str, code: str, currency: str
) -> giftcards.Seen:
    """What is on the gift card somebody has in their hand, for a reason that is kept. Raises
    Malformed for the number of a bank's card, which nobody here wants to hear."""
    rules.check_no_card(reason)
    rules.check_no_card(code)
    found = await giftcards.see(db, [code], currency)
    seen = found[0] if found else giftcards.Seen("", "unknown")
    await staff.note(db, agent, "contact.gift_card", str(seen.card_id or "unknown"), reason)
    return seen


async def call_off(db: Connection, agent: Person, id: UUID, command: UUID, reason: str) -> None:
    """The order, at the customer's wish. Raises Conflict once it is being picked."""
    rules.check_no_card(reason)
    call = await _verified(db, agent, id)
    order_id = _order(call)

    async def act() -> dict[str, str]:
        await checkout.call_off(db, order_id)
        await staff.note(db, agent, "contact.call_off", str(order_id), reason)
        return {"cancelled": str(order_id)}

    await commands.once(db, order_id, command, {"do": "call off", "reason": reason}, act)


async def note_change(db: Connection, agent: Person, id: UUID, reason: str) -> None:
    """The order of a verified caller was changed, for this reason; called in the transaction that
    does it, which ends with a refusal where the caller was not verified."""
    rules.check_no_card(reason)
    call = await _verified(db, agent, id)
    await staff.note(db, agent, "contact.change", str(_order(call)), reason)


async def answer_offer(
    db: Connection,
    agent: Person,
    id: UUID,
    command: UUID,
    substitute_id: UUID,
    *,
    yes: bool,
    reason: str,
) -> None:
    """What a verified caller says to what a picker offers instead, as if they had tapped it. Raises
    Conflict `answered-already` when they have, `too-late`; NotFound for the offer of another order."""
    rules.check_no_card(reason)
    call = await _verified(db, agent, id)
    order_id = _order(call)

    async def note_who() -> None:
        await staff.note(db, agent, "contact.answer", str(order_id), reason)

    await fulfilment.substituting.answer(
        db, order_id, command, substitute_id, yes=yes, also=note_who
    )


async def mail_pay_link(db: Connection, settings: Settings, order_id: UUID, command: UUID) -> None:
    """What is more of a changed order, or of one that is taken instead, is paid by the customer, behind
    this link."""
    await _mail_link(db, settings, order_id, command.int % 10**9)


async def order(
    shop: checkout.Shop,
    agent: Person,
    id: UUID,
    command: UUID,
    wanted: Agreed,
    language: Language,
) -> Placed:
    """The basket on the line becomes an order, and the link to pay it goes to the customer: what
    their gift cards leave of it, or none where they pay it all. The same command again is the same order.

    Raises like `checkout.place`, and Malformed where a bank's card is among the gift cards or in the remark.
    """
    for written in (*wanted.gift_cards, wanted.note):
        rules.check_no_card(written)
    async with begin_transaction(shop.pool) as db:
        call = await _verified(db, agent, id)
        cart_id = await queries.ordered_by(db, call, command) or _basket(call)
    placed = await checkout.place(shop, cart_id, command, wanted, language)
    async with begin_transaction(shop.pool) as db:
        is_new = await queries.go_on_with_order(db, cart_id, placed.order_id)
        if is_new:
            await staff.note(db, agent, "contact.ordered", str(placed.order_id))
        if is_new and placed.pay_at != placed.track_at:
            await _mail_link(db, shop.settings, placed.order_id, 1)
    return placed


async def send_pay_link(
    db: Connection, agent: Person, id: UUID, command: UUID, settings: Settings
) -> None:
    """Once more. Raises Conflict when there is nothing to pay, or nowhere to send it."""
    call = await _verified(db, agent, id)
    found = await orders.read(db, call.order_id) if call.order_id else None
    waits = await checkout.changing.waiting(db, found.id) if found else None
    if found is None or (found.state != "placed" and waits is None):
        raise Conflict("There is nothing to pay on this order.", code="nothing-to-pay")
    if not found.contact.email:
        raise Conflict("This order has no mail address.", code="no-address")
    await _mail_link(db, settings, found.id, command.int % 10**9)
    await staff.note(db, agent, "contact.pay_link", str(found.id))


async def is_shown(db: Connection, call: Call) -> bool:
    """Whether the basket on the line may be seen: ours, or one its customer still shows."""
    if call.view_id is None or call.cart_id is None:
        return True
    return any(view.id == call.view_id for view in await pairing.views_of(db, call.cart_id))


async def end(db: Connection, agent: Person, id: UUID) -> None:
    call = await read(db, agent, id)
    if call.view_id is not None and call.cart_id is not None:
        await pairing.end_view(db, call.cart_id, call.view_id)
    await queries.end(db, call.id)


async def _mail_link(db: Connection, settings: Settings, order_id: UUID, number: int) -> None:
    found = await orders.read(db, order_id)
    assert found is not None, "just placed or read"
    if not found.contact.email:
        return
    waits = await checkout.changing.waiting(db, order_id)
    held = [
        one for one in await payments.tenders(db, order_id) if one.provider == giftcards.GIFT_CARD
    ]
    by_card = 0 if waits else sum(one.amount - one.refunded for one in held)
    promised = await payments.promised(db, order_id)
    address = f"{settings.base_url}/orders/{link_token(settings.secret, order_id)}"
    await messaging.write(
        db,
        id_of(order_id, number, "PayLink"),
        about=order_id,
        kind="PayLink",
        language=found.language,
        recipient=found.contact.email,
        letter=letters.pay_link(
            found, address, waits.difference if waits else 0, by_card, promised
        ),
    )


async def _verified(db: Connection, agent: Person, id: UUID) -> Call:
    call = await read(db, agent, id)
    if call.verified_at is None:
        raise NotAllowed("Verify the caller first.", code="not-verified")
    if not await is_shown(db, call):
        raise Conflict("The customer does not show this basket any more.", code="view-ended")
    if call.ended_at is not None:
        raise Conflict("This call has ended. Find the customer again.", code="call-ended")
    return call


def _order(call: Call) -> UUID:
    if call.order_id is None:
        raise Conflict("There is no order on this call yet.", code="no-order")
    return call.order_id


def _basket(call: Call) -> UUID:
    if call.cart_id is None:
        raise Conflict("This basket was ordered already.", code="ordered-already")
    return call.cart_id


async def _apply(db: Connection, wanted: Add) -> None:
    for outcome in await cart.apply(db, [wanted]):
        if outcome.refused:
            raise cart.in_words(outcome.refused)


def _tidy_number(text: str) -> str:
    """`p 7k3m2q`, as it is heard, is P-7K3M-2Q."""
    letters_only = "".join(letter for letter in text.upper() if letter.isalnum()).removeprefix("P")
    return f"P-{letters_only[:4]}-{letters_only[4:]}"
