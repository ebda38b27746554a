"""Orders in every state, each brought there by the same steps as a real one.

They come in rounds: what one round leaves waiting is never in the way of the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import cart, checkout, collecting, consequences, fulfilment, payments, slots, staff
from app.cart.models import Add, Handover
from app.checkout.models import Placed, ToCollect, Wanted
from app.db import Pool, begin, new_id
from app.demo import goods, queries, town
from app.demo.goods import Goods
from app.demo.shoppers import (
    AYSE,
    BRAM,
    CHAEWON,
    EMMA,
    FATIMA,
    FEMKE,
    GIJS,
    JISU,
    LARS,
    NOOR,
    OLIVER,
    PARK,
    RUBEN,
    SANNE,
    SEOYEON,
    THIJS,
    Shopper,
)
from app.fulfilment import Act
from app.fulfilment.delivery.models import StopRow
from app.fulfilment.picking.models import PickListLine
from app.jobs import registered
from app.jobs.worker import hear_once
from app.payments import testpay
from app.settings import Settings
from app.slots.models import Offer
from app.stock.models import Place

WELL_BEFORE_CUT_OFF = timedelta(minutes=30)
FAR_AHEAD = timedelta(days=14)
A_WEEK = timedelta(days=7)


@dataclass
class Day:
    """A day in the demo shop: what its people need at hand."""

    pool: Pool
    settings: Settings
    ids: dict[str, UUID]
    labels: dict[UUID, str]
    people: dict[str, staff.Person]
    shop: checkout.Shop

    def act(self, role: str) -> Act:
        return Act(new_id(), self.people[role])


async def take_orders(pool: Pool, settings: Settings, ids: dict[str, UUID]) -> None:
    day = await _begin_day(pool, settings, ids)
    await _on_the_road(day)
    await _in_the_van(day)
    await _on_the_cart(day)
    await _to_collect(day)
    await _just_in(day)
    await _called_off(day)


async def _begin_day(pool: Pool, settings: Settings, ids: dict[str, UUID]) -> Day:
    async with begin(pool) as db:
        labels = await queries.live_labels(db)
        accounts = await staff.people(db)
    people = {
        role: staff.Person(one.id, one.name, one.roles) for one in accounts for role in one.roles
    }
    consequences.register(registered, settings)
    return Day(pool, settings, ids, labels, people, checkout.Shop.at(pool, settings))


async def _on_the_road(day: Day) -> None:
    """One van is under way: two doors done, nobody at the third, two still ahead."""
    orders = [await _sell(day, shopper, 0) for shopper in (NOOR, JISU, BRAM, AYSE, PARK)]
    await _pick(day, await _onto_a_cart(day, len(orders)))
    await _pack(day, orders)
    stops = await _load(day, orders)
    async with begin(day.pool) as db:
        await fulfilment.delivery.depart(db, day.act("driver"), stops[0].run_id)
    noor, jisu, bram = stops[:3]
    async with begin(day.pool) as db:
        await fulfilment.delivery.deliver(db, day.act("driver"), noor.id, age_checked=True)
    async with begin(day.pool) as db:
        await fulfilment.delivery.deliver(db, day.act("driver"), jisu.id, to="neighbour")
    async with begin(day.pool) as db:
        await fulfilment.delivery.fail(
            db, day.act("driver"), bram.id, reason="not-home", next_step="again"
        )
    await _hear(day)


async def _in_the_van(day: Day) -> None:
    """The next van is being loaded: one order is in it, one still stands beside it."""
    orders = [await _sell(day, shopper, 1) for shopper in (SANNE, OLIVER)]
    await _pick(day, await _onto_a_cart(day, len(orders)))
    await _pack(day, orders)
    await _load(day, orders[:1])
    await _hear(day)


async def _on_the_cart(day: Day) -> None:
    """Somebody is picking; one thing is not on its shelf, and most is still to do."""
    for shopper in (FEMKE, SEOYEON):
        await _sell(day, shopper, 1)
    lines = await _onto_a_cart(day, 2)
    await _pick(day, lines[:2])
    async with begin(day.pool) as db:
        await fulfilment.picking.short(db, day.act("picker"), lines[2].id, reason="not-found")
    await _hear(day)
    await payments.make_refunds(day.pool, day.shop.providers)


async def _to_collect(day: Day) -> None:
    """One order waits behind the desk of a shop, with its code in a mail."""
    cart_id = await _fill_basket(day, LARS, town.CENTRE, "collect")
    async with begin(day.pool) as db:
        quote = await checkout.quote(
            db, cart_id, LARS.language, delivery=0, place_id=town.CENTRE.id
        )
        points = await collecting.points(db, {}, datetime.now(UTC))
    point = next(one for one in points if one.place_id == town.CENTRE.id)
    wanted = ToCollect(
        cart_version=quote.cart_version,
        total=quote.receipt.total,
        place=point.place_id,
        ready_by=point.ready_by,
        name=LARS.name,
        email=LARS.email,
        phone=LARS.phone,
        of_age=True,
    )
    placed = await checkout.place(day.shop, cart_id, new_id(), wanted, LARS.language)
    await _paid(day, placed)
    await _pick(day, await _onto_a_cart(day, 1, town.CENTRE))
    await _pack(day, [placed])
    async with begin(day.pool) as db:
        [part] = await fulfilment.of_order(db, placed.order_id)
        table = await fulfilment.packing.table(db, part.id)
    for parcel in table.parcels:
        async with begin(day.pool) as db:
            await fulfilment.collect.shelve(
                db, day.act("clerk"), parcel.sscc, "A3", secret=day.settings.secret
            )
    await _hear(day)


async def _just_in(day: Day) -> None:
    """Paid and to be picked, one of them in another shop; and one whose shopper is paying now."""
    await _sell(day, THIJS, 1)
    await _sell(day, FATIMA, 2)
    await _sell(day, GIJS, 0, town.CENTRE)
    await _order(day, CHAEWON, 2)


async def _called_off(day: Day) -> None:
    """One shopper's card was declined and they gave up; the other thought better of it later."""
    declined = await _order(day, RUBEN, 2)
    await _on_payment_page(day, declined, "decline")
    regretted = await _sell(day, EMMA, 2)
    for order in (declined, regretted):
        async with begin(day.pool) as db:
            await checkout.call_off(db, order.order_id)
    await _hear(day)
    await payments.make_refunds(day.pool, day.shop.providers)


async def _sell(day: Day, shopper: Shopper, window: int, place: Place = town.DARK_STORE) -> Placed:
    """Ordered, paid, and now the work of that place."""
    placed = await _order(day, shopper, window, place)
    await _paid(day, placed)
    return placed


async def _paid(day: Day, placed: Placed) -> None:
    # Nobody is told: the shop does not answer yet. It asks, as it does when no news comes.
    await _on_payment_page(day, placed, "never")
    await checkout.ask(day.shop, placed.order_id)
    await _hear(day)


async def _order(day: Day, shopper: Shopper, window: int, place: Place = town.DARK_STORE) -> Placed:
    cart_id = await _fill_basket(day, shopper, place)
    slot = await _slot(day, shopper, window, place)
    async with begin(day.pool) as db:
        quote = await checkout.quote(
            db, cart_id, shopper.language, delivery=slot.fee, free_from=slot.free_from
        )
    wanted = Wanted(
        cart_version=quote.cart_version,
        total=quote.receipt.total,
        slot=slot.id,
        name=shopper.name,
        email=shopper.email,
        phone=shopper.phone,
        street=shopper.street,
        house_number=shopper.house_number,
        postcode=shopper.postcode,
        city=shopper.city,
        note=shopper.note,
        substitution=shopper.substitution,
        of_age=True,
    )
    return await checkout.place(day.shop, cart_id, new_id(), wanted, shopper.language)


async def _fill_basket(
    day: Day, shopper: Shopper, place: Place, way: Handover = "delivery"
) -> UUID:
    """From a wall where one shows it, else from the pages."""
    wanted = []
    cart_id, _ = await cart.open_empty(day.pool, day.settings.currency)
    for shelf, at, quantity in shopper.basket:
        product_id = day.ids[_on_shelf(shelf, place)[at].gtin]
        label = day.labels.get(product_id)
        wanted.append(
            Add(
                id=new_id(),
                cart_id=cart_id,
                quantity=quantity,
                label=label or "",
                product_id=None if label else product_id,
                handover=way,
                added_from="wall" if label else "web",
            )
        )
    async with begin(day.pool) as db:
        outcomes = await cart.apply(db, wanted)
    assert not any(outcome.refused for outcome in outcomes), outcomes
    return cart_id


def _on_shelf(shelf: str, place: Place) -> list[Goods]:
    """What lies there in some number, what sells best first."""
    there = [
        one for one in goods.all_goods() if one.shelf == shelf and town.amount_of(one, place) >= 6
    ]
    return sorted(there, key=lambda one: (-one.popularity, one.gtin))


async def _slot(day: Day, shopper: Shopper, window: int, place: Place) -> Offer:
    soon = datetime.now(UTC) + WELL_BEFORE_CUT_OFF
    offers = await slots.offered(
        day.pool, shopper.postcode, soon, days=FAR_AHEAD.days, place_ids=[place.id]
    )
    return [offer for offer in offers if offer.left][window]


async def _on_payment_page(day: Day, placed: Placed, choice: testpay.Choice) -> None:
    async with begin(day.pool) as db:
        await testpay.choose(db, placed.pay_at.rpartition("/")[2], choice)


async def _hear(day: Day) -> None:
    """What follows from it follows now, not when a worker comes by."""
    while await hear_once(day.pool, registered):
        pass


async def _onto_a_cart(day: Day, orders: int, place: Place = town.DARK_STORE) -> list[PickListLine]:
    async with begin(day.pool) as db:
        batch = await fulfilment.picking.start(db, day.act("picker"), place.id, most=orders)
        return (await fulfilment.picking.pick_list(db, batch)).lines


async def _pick(day: Day, lines: Sequence[PickListLine]) -> None:
    """Cheese comes off the scale a little lighter than ordered, and milk keeps for a week."""
    for line in lines:
        async with begin(day.pool) as db:
            await fulfilment.picking.pick(
                db,
                day.act("picker"),
                line.id,
                code=line.gtin,
                quantity=line.quantity,
                grams=line.nominal_g and line.nominal_g * line.quantity * 96 // 100,
                best_before=line.delivered_on + A_WEEK if line.dated else None,
            )


async def _pack(day: Day, orders: Sequence[Placed]) -> None:
    for order in orders:
        async with begin(day.pool) as db:
            [part] = await fulfilment.of_order(db, order.order_id)
            table = await fulfilment.packing.table(db, part.id)
            for storage in table.left:
                await fulfilment.packing.seal(db, day.act("packer"), part.id, storage)


async def _load(day: Day, orders: Sequence[Placed]) -> list[StopRow]:
    """All their parcels into the van; their stops, in the order of the orders."""
    now = datetime.now(UTC)
    async with begin(day.pool) as db:
        sheets = await fulfilment.delivery.day(db, now, now + FAR_AHEAD)
    stops = {stop.order_id: stop for sheet in sheets for stop in sheet.stops}
    parcels = {id: found for sheet in sheets for id, found in sheet.parcels.items()}
    wanted = [stops[order.order_id] for order in orders]
    for stop in wanted:
        for parcel in parcels[stop.fulfilment_id]:
            async with begin(day.pool) as db:
                await fulfilment.delivery.load(db, day.act("driver"), stop.run_id, parcel.sscc)
    return wanted
