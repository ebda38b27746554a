"""What comes back lies where its state lets it: on the shelf, beside it, or nowhere any more."""

import re
from uuid import uuid4

import pytest

from app.errors import Conflict
from app.stock.aside.rules import check_way
from tests.returns.desks import form_of, signed_in
from tests.returns.stage import A, B, Delivered, store_beside


@pytest.fixture
async def sold(shop):
    sold = await Delivered.set_up(shop, gift=0)
    yield sold
    assert await sold.stage.faults() == []


async def bring(clerk, sold, query):
    page = f"/till/returns/{sold.id}"
    answer = await clerk.post(page, **form_of(await clerk.page(f"{page}?{query}")))
    assert answer.status_code == 303, answer.text


async def aside(sold):
    rows = await sold.pool.fetch(
        "SELECT state, sum(quantity)::int AS quantity FROM stock.aside GROUP BY state"
    )
    return {row["state"]: row["quantity"] for row in rows}


async def test_what_is_not_as_new_waits_beside_the_shelf_until_somebody_has_looked(sold):
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()
    await bring(clerk, sold, "n1=1&cause=changed-mind&condition=opened")
    await bring(clerk, sold, "n2=1&cause=damaged&condition=opened")
    await bring(clerk, sold, "n3=1&cause=damaged&condition=broken")
    assert await aside(sold) == {"mark-down": 1, "quarantine": 1, "waste": 1}
    page = await clerk.page("/till/goods")
    place = str(counter.store_id)

    async def move(gtin, state, to, quantity=1):
        return await clerk.post(
            "/till/goods", product=str(sold.products[gtin]), place=place, state=state, to=to,
            quantity=str(quantity),
        )  # fmt: skip

    looked = [
        await move(B, "quarantine", "shelf"),
        await move(B, "quarantine", "shelf"),
        await move(A, "mark-down", "waste"),
        await move(A, "waste", "shelf"),
        await move(A, "mark-down", "waste", 0),
    ]

    assert "Hemd 22" in page
    assert [answer.status_code for answer in looked] == [303, 409, 303, 409, 400]
    assert await aside(sold) == {"mark-down": 0, "quarantine": 0, "waste": 2}
    on_hand = await sold.pool.fetchval(
        "SELECT on_hand FROM stock.levels WHERE place_id = $1 AND product_id = $2",
        counter.store_id, sold.products[B],
    )  # fmt: skip
    assert on_hand == 1
    reasons = await sold.pool.fetchval("SELECT count(*) FROM staff.audit WHERE act = 'stock.aside'")
    assert reasons == 2


async def test_what_was_cold_is_thrown_away_at_once_and_never_sold_again(sold):
    await sold.pool.execute("UPDATE orders.lines SET storage = 'frozen' WHERE line_no = 1")
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()

    await bring(clerk, sold, "n1=1&cause=warm&condition=as-new")

    assert await aside(sold) == {"waste": 1}
    for state in ("quarantine", "mark-down"):
        with pytest.raises(Conflict, match="never sold again"):
            check_way("frozen", state, "shelf")
        check_way("frozen", state, "waste")


async def test_what_stays_with_the_customer_lies_nowhere(sold):
    clerk = await (await store_beside(sold.stage)).clerk()
    await bring(clerk, sold, "n1=1&cause=damaged&condition=not-here")
    refused = await clerk.client.get(
        f"/till/returns/{sold.id}?n2=1&cause=changed-mind&condition=not-here"
    )

    assert await sold.pool.fetchval("SELECT disposition FROM returns.lines") == "kept"
    assert await aside(sold) == {}
    assert refused.status_code == 409


async def test_what_belongs_to_another_place_is_sent_there_once(sold):
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()
    await bring(clerk, sold, "n1=1&n2=1&cause=changed-mind&condition=as-new")
    desk = await signed_in(sold, "merchandiser")
    page = (await desk.get("/merchandiser/returns/goods")).text
    send = re.search(r"/merchandiser/returns/goods/[0-9a-f-]{36}/send-on", page)[0]

    answers = [
        await desk.post(send, data={"command": str(uuid4()), "to": str(sold.stage.place_id)})
        for _ in range(2)
    ]
    stock_desk = (await desk.get("/merchandiser/stock")).text

    assert [answer.status_code for answer in answers] == [303, 409]
    levels = await sold.pool.fetch(
        "SELECT on_hand FROM stock.levels WHERE place_id = $1", counter.store_id
    )
    assert [row["on_hand"] for row in levels] == [0, 0]
    assert "Perron Stadshart" in stock_desk
    assert send not in (await desk.get("/merchandiser/returns/goods")).text
