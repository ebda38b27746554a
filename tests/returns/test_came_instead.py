"""What came instead of what was ordered comes back as what it is: found by its own bars, under its own
terms, for what was paid for it, onto its own shelf."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app import orders, returns, stock, tills
from app.db import begin
from app.db.migrate import FOLDER
from app.fulfilment import delivery, exports
from app.stock.models import Line as Goods
from tests.returns.desks import form_of, mails, seen
from tests.returns.stage import A, B, D, Delivered, store_beside

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

    invoice = await sold.pool.fetchrow("SELECT total, lines, vat FROM orders.documents")
    both = await sold.browser.post(
        f"/api/v1{sold.path}/returns/offer",
        json={"lines": {"1": 1, INSTEAD: 1}, "cause": "damaged"},
    )
    assert [share["paid"] for share in both.json()["shares"]] == [1333, 1000]
    assert both.json()["amount"] == 2333
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

    assert [(one["text"], one["quantity"], one["amount"]) for one in invoice["lines"]][:2] == [
        ("Hemd 22", 2, 2666),
        ("Hemd D", 1, 1000),
    ]
    assert invoice["total"] == sold.total - 334
    assert [one["gross"] for one in invoice["vat"]] == [sold.total - 334]
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
        run = await db.fetchval("SELECT run_id FROM fulfilment.stops WHERE order_id = $1", sold.id)
        in_the_van = await delivery.queries.door_lines(db, run)
    assert came.goods == {D: 1}
    lying = [(one.key, one.name, one.picked) for one in in_the_van]
    assert lying[:2] == [("1", "Hemd 22", 2), (INSTEAD, "Hemd D", 1)], "a driver names it as it is"
    assert [(one.label, one.units) for one in most] == [("Hemd D", 1)]
    assert [one.goods for one in stranded] == ["1 × Hemd D"]
    assert "Hemd D" in (await mails(sold))["OrderReturned"]
    credit = await sold.pool.fetchval("SELECT lines FROM orders.documents WHERE kind = 'credit'")
    assert [(one["amount"], one["about"]) for one in credit] == [(1000, "1 × Hemd D")]
    told = seen((await sold.browser.get(f"{sold.path}/returns")).text)
    assert "kwam in plaats van Hemd 22" in told
    assert await sold.pool.fetchval("SELECT used FROM pricing.promotions") == 1
    # All of the rest by its line number alone: to the cent what was paid.
    body = {"lines": {"1": 2, "2": 3, "3": 3}, "cause": "damaged", "condition": "as-new"}
    async with begin(sold.pool) as db:
        order = await orders.read(db, sold.id)
        wanted = returns.Wanted(**body)
        amount = (await returns.offer(db, order, wanted)).amount
        desk = returns.Desk(channel="till", place_id=sold.stage.place_id)
        wanted = returns.Wanted(**body, amount=amount)
        await returns.take(db, sold.id, uuid4(), wanted, desk)
    assert sum((await sold.went_back()).values()) == sold.total
    assert await sold.pool.fetchval("SELECT used FROM pricing.promotions") == 0, "nothing is kept"
    assert await sold.stage.faults() == []


async def test_what_came_instead_of_all_of_a_line_falls_under_its_own_terms(shop):
    sold = await Delivered.set_up(shop, instead={A: 1, B: 1}, storage="chilled", price=2500)
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()
    offer = f"/api/v1{sold.path}/returns/offer"

    kept = [
        await sold.browser.post(offer, json={"lines": {line: 1}, "cause": "changed-mind"})
        for line in ("1", INSTEAD)
    ]
    nothing = await sold.browser.post(offer, json={"lines": {f"3-{D}": 1}, "cause": "damaged"})
    spoiled = await sold.send("A", cause="warm", amount=1600)
    page = f"/till/returns/{sold.id}?n2-{D}=1&cause=damaged&condition=as-new"
    agreed = await clerk.page(page)
    done = await clerk.post(f"/till/returns/{sold.id}", **form_of(agreed))
    shirt = await sold.browser.post(offer, json={"lines": {"3": 1}, "cause": "changed-mind"})
    elsewhere = await clerk.client.get("/till/returns", params={"code": D})
    async with begin(sold.pool) as db:
        [late] = await tills.queries.sold_with(db, sold.stage.place_id, sold.other)

    assert [(one.status_code, one.json()["code"]) for one in kept] == [(409, "no-return")] * 2
    assert "Hemd D" in kept[0].json()["title"] + kept[0].json().get("detail", "")
    assert (nothing.status_code, nothing.json()["code"]) == (422, "no-such-line")
    assert (spoiled.json()["settled"], done.status_code, shirt.status_code) == (True, 303, 200)
    rows = await sold.pool.fetch(
        "SELECT line_no, product_id, disposition FROM returns.lines ORDER BY line_no"
    )
    assert [tuple(row) for row in rows] == [(1, sold.other, "kept"), (2, sold.other, "waste")]
    assert late.number == sold.placed["number"]
    assert (elsewhere.status_code, D in elsewhere.text) == (404, False)
    assert await sold.stage.faults() == []


async def test_old_returns_of_such_lines_say_what_came_back_and_stock_is_left_as_it_was_counted(
    shop,
):
    sold = await Delivered.set_up(shop, gift=0, quantity=3, instead={A: 2})
    shirt, place = sold.products[A], sold.stage.place_id
    for units in (2, 1):
        await sold.pool.execute(
            """
            WITH came AS (
                INSERT INTO returns.returns (
                       id, order_id, cause, channel, amount, currency, place_id)
                VALUES (uuidv7(), $1, 'damaged', 'till', 0, 'EUR', $4)
                RETURNING id)
            INSERT INTO returns.lines (return_id, line_no, product_id, quantity, disposition)
            SELECT id, 1, $2, $3, 'restock' FROM came
            """,
            sold.id, shirt, units, place,
        )  # fmt: skip
    await sold.pool.execute("INSERT INTO returns.units VALUES ($1, 1, 3, 3)", sold.id)
    async with begin(sold.pool) as db:
        await stock.receive(db, [Goods(shirt, place, 3)], kind="returned", reference=sold.id)
    before = await sold.stage.faults()

    async with begin(sold.pool) as db:
        await db.execute((FOLDER / "0153_returns_of_substitutes.sql").read_text())

    rows = await sold.pool.fetch(
        """
        SELECT line.product_id, line.quantity, line.instead_gtin, line.booked_as
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
         ORDER BY came.at, line.instead_gtin NULLS FIRST
        """
    )
    assert [tuple(row) for row in rows] == [
        (shirt, 1, None, None),
        (sold.other, 1, D, shirt),
        (sold.other, 1, D, shirt),
    ]
    assert "pieces_of_returns" in str(before)
    assert await sold.stage.faults() == []
