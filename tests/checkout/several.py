"""Two stores that together have what neither has alone, and what people do with such an order."""

from uuid import UUID, uuid4

from app.orders.models import Line
from app.staff import cookie_name
from tests.checkout.stage import Stage, open_place, open_slot, stock_up
from tests.staff_desk import employ


class TwoStores(Stage):
    """One piece of the milk here, one there; both come in the same window."""

    @classmethod
    async def set_up(cls, shop, *, here=1, there=1, capacity=1000):
        stage = await super().set_up(shop, quantity=here, capacity=capacity)
        stage.other_place, stage.other_slot = await stage.one_more_store(there, capacity=capacity)
        return stage

    async def one_more_store(self, pieces, *, product_id=None, capacity=1000):
        place = await open_place(self.pool)
        slot = await open_slot(self.pool, place, capacity=capacity)
        await self.pool.execute(
            """
            UPDATE slots.slots AS slot
               SET starts_at = first.starts_at, ends_at = first.ends_at, cutoff_at = first.cutoff_at
              FROM slots.slots AS first
             WHERE first.id = $1 AND slot.id = $2
            """,
            self.slot_id, slot,
        )  # fmt: skip
        if pieces:
            await stock_up(self.pool, place, product_id or self.product_id, pieces)
        return place, slot

    async def staff(self, *roles):
        """A handheld of somebody with these roles."""
        token, _ = await employ(self.pool, *roles)
        client = self.browser()
        client.cookies.set(cookie_name(self.settings), token)
        return client

    async def levels(self):
        rows = await self.pool.fetch(
            "SELECT place_id, on_hand, reserved FROM stock.levels WHERE product_id = $1",
            self.product_id,
        )
        return {row["place_id"]: (row["on_hand"], row["reserved"]) for row in rows}

    async def pays(self, placed, buyer):
        await buyer.choose(placed, "pay")
        await self.work()


async def send(client, path, body=None, expect=(200, 201)):
    answer = await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code in expect, answer.text
    return answer.json()


async def deliver(stage, place_id, worker, *, fails=None):
    """What a place has to do for the order, by handheld: picked, packed, loaded, driven, handed over,
    or brought in vain."""
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(place_id)})
    for line in batch["lines"]:
        scan = {"code": line["gtin"], "quantity": line["quantity"]}
        await send(worker, f"/api/v1/picking/picks/{line['id']}/picked", scan)
    part = batch["lines"][0]["fulfilment_id"]
    sealed = await send(worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})
    await bring(stage, part, sealed, worker, fails=fails)
    return len(batch["lines"])


async def bring(stage, part, sealed, worker, *, fails=None, refused=(), while_out=None):
    """`while_out` looks at something while the van is on its way; what it saw is returned."""
    run, stop = await stage.pool.fetchrow(
        "SELECT run_id, id FROM fulfilment.stops WHERE fulfilment_id = $1 AND state = 'planned'",
        UUID(part),
    )
    await send(worker, f"/api/v1/driving/{run}/parcels", {"code": sealed["sscc"]})
    await send(worker, f"/api/v1/driving/{run}/depart", {})
    seen = await while_out() if while_out else None
    if fails:
        await send(worker, f"/api/v1/driving/stops/{stop}/failed", fails)
    else:
        handed = {"to": "customer", "refused": list(refused)}
        await send(worker, f"/api/v1/driving/stops/{stop}/delivered", handed)
    await send(worker, f"/api/v1/driving/{run}/back", {})
    return seen


async def split_order(stage, quantity=2):
    buyer = await stage.buyer(quantity=quantity)
    placed = (await buyer.order()).json()
    await stage.pays(placed, buyer)
    return buyer, placed


async def parts_of(stage, placed):
    rows = await stage.pool.fetch(
        "SELECT place_id, id, state FROM fulfilment.fulfilments WHERE order_id = $1",
        UUID(placed["order_id"]),
    )
    return {row["place_id"]: (row["id"], row["state"]) for row in rows}


async def paid_back(stage, placed):
    return await stage.pool.fetchval(
        """
        SELECT coalesce(sum(refund.amount), 0)::int
          FROM payments.refunds AS refund
          JOIN payments.intents AS intent ON intent.id = refund.intent_id
         WHERE intent.order_id = $1
        """,
        UUID(placed["order_id"]),
    )


def line_of(number, product, quantity):
    return Line(
        line_no=number, product_id=UUID(int=100 + product), edition_id=UUID(int=0), gtin="", name="",
        picture=None, handover="delivery", quantity=quantity, unit_price=100, discount=0,
        paid=100 * quantity, vat="low", deposit=0, age_limit=None, storage="ambient",
    )  # fmt: skip


def gtin_of(number):
    digits = f"095212346{number:04}"
    weighed = sum(int(digit) * (3, 1)[n % 2] for n, digit in enumerate(digits))
    return f"{digits}{-weighed % 10}"
