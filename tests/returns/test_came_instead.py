"""What came instead of what was ordered comes back as what it is: found by its own bars, under its own
terms, for what was paid for it, onto its own shelf."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app import returns
from app.db import begin
from app.errors import ShopError
from app.fulfilment import exports
from tests.returns.desks import form_of, mails, seen, signed_in
from tests.returns.stage import A, B, C, D, Delivered, store_beside

INSTEAD = f"1-{D}"


async def on_shelf(sold, place, *products):
    rows = await sold.pool.fetch(
        "SELECT product_id, on_hand FROM stock.levels WHERE place_id = $1 AND on_hand > 0", place
    )
    there = {row["product_id"]: row["on_hand"] for row in rows}
    return [there.get(product, 0) for product in products]


async def test_a_line_that_came_in_part_as_something_else_comes_back_piece_by_piece(shop):
    sold = await Delivered.set_up(shop, gift=0, quantity=3, instead={A: 1}, price=1000)
    shirt = sold.products[A]
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()

    standing = (await sold.browser.get(f"/api/v1{sold.path}/returns")).json()["lines"]
    page = f"/till/returns/{sold.id}"
    scanned = await clerk.client.get("/till/returns", params={"code": D, "order": str(sold.id)})
    lines = seen(await clerk.page(scanned.headers["location"]))
    offer = await clerk.page(f"{page}?n{INSTEAD}=1&cause=damaged&condition=as-new")
    done = await clerk.post(page, **form_of(offer))
    again = await sold.browser.post(
        f"/api/v1{sold.path}/returns/offer", json={"lines": {INSTEAD: 1}, "cause": "damaged"}
    )
    twice = await clerk.client.get("/till/returns", params={"code": D, "order": str(sold.id)})

    assert [(one["key"], one["name"], one["left"], one["instead_of"]) for one in standing[:2]] == [
        ("1", "Hemd 22", 2, ""),
        (INSTEAD, "Hemd D", 1, "Hemd 22"),
    ]
    assert f"n{INSTEAD}=1" in scanned.headers["location"]
    assert "kwam in plaats van Hemd 22" in lines
    assert f'name="n{INSTEAD}"' in lines
    assert done.status_code == 303
    # 3 for 2 over nine shirts at 150.00 in all: 13.34 were paid for one A, 10.00 for what came.
    assert "€ 10,00" in seen(offer)
    assert sum((await sold.went_back()).values()) - 334 == 1000
    assert (again.status_code, again.json()["code"]) == (409, "more-than-left")
    assert twice.status_code == 409
    assert await on_shelf(sold, counter.store_id, sold.other, shirt) == [1, 0]
    written = await sold.pool.fetchrow("SELECT product_id, instead_gtin FROM returns.lines")
    assert tuple(written) == (sold.other, D)

    async with begin(sold.pool) as db:
        [came] = await exports.queries.came_back(
            db, counter.store_id, datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC)
        )
        most = await returns.by_product(db, 30, "nl")
        stranded = await returns.stranded(db, None, "nl")
    assert came.goods == {D: 1}
    assert [(one.label, one.units) for one in most] == [("Hemd D", 1)]
    assert [one.goods for one in stranded] == ["1 × Hemd D"]
    assert "Hemd D" in (await mails(sold))["OrderReturned"]
    told = seen((await sold.browser.get(standing and f"{sold.path}/returns")).text)
    assert "kwam in plaats van Hemd 22" in told
    # All of the rest by its line number alone: to the cent what was paid.
    body = {"lines": {"1": 2, "2": 3, "3": 3}, "cause": "damaged", "condition": "as-new"}
    async with begin(sold.pool) as db:
        from app import orders

        order = await orders.read(db, sold.id)
        wanted = returns.Wanted(**body)
        amount = (await returns.offer(db, order, wanted)).amount
        desk = returns.Desk(channel="till", place_id=sold.stage.place_id)
        wanted = returns.Wanted(**body, amount=amount)
        await returns.take(db, sold.id, uuid4(), wanted, desk)
    assert sum((await sold.went_back()).values()) == sold.total
    assert await sold.stage.faults() == []
