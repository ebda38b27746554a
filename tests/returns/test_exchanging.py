"""Another size, another product: what came back pays for it, and only the difference moves."""

import pytest

from tests.checkout.stage import stock_up
from tests.returns.desks import form_of
from tests.returns.stage import A, B, C, Delivered, store_beside

NEW = "01890a5d-ac96-774b-bcce-b302099a8057"


class Exchanging:
    def __init__(self, sold, clerk):
        self.sold, self.clerk, self.pool = sold, clerk, sold.pool

    @classmethod
    async def at(cls, shop, **paid):
        sold = await Delivered.set_up(shop, **paid)
        counter = await store_beside(sold.stage)
        for product in sold.products.values():
            await stock_up(sold.pool, counter.store_id, product, 5)
        return cls(sold, await counter.clerk())

    async def lay_down(self, n, cause):
        page = f"/till/returns/{self.sold.id}"
        offer = await self.clerk.page(f"{page}?{n}=1&cause={cause}")
        answer = await self.clerk.post(f"{page}/exchange", **form_of(offer))
        assert answer.headers["location"] == "/till", answer.text

    async def moved(self):
        return await self.pool.fetchrow(
            """
            SELECT coalesce(sum(amount) FILTER (WHERE moved_to IS NOT NULL), 0)::int AS stays,
                   coalesce(sum(amount) FILTER (WHERE moved_to IS NULL), 0)::int AS goes_back
              FROM payments.refunds
            """
        )

    async def from_the_card(self):
        await self.sold.stage.make_refunds()
        return await self.pool.fetchval(
            "SELECT coalesce(sum(amount), 0)::int FROM payments.test_refunds"
        )

    async def bring(self, order_id, query):
        page = f"/till/returns/{order_id}"
        offer = await self.clerk.page(f"{page}?{query}")
        assert (await self.clerk.post(page, **form_of(offer))).status_code == 303


async def test_for_something_dearer_only_the_difference_is_paid_and_both_come_back_later(shop):
    desk = await Exchanging.at(shop)
    await desk.lay_down("n1", "changed-mind")  # A brings 10.00, as B and C cost 30.00 without it
    await desk.clerk.scan(B)
    shown = (await desk.clerk.page("/till/pay")).replace("\xa0", " ")

    sold = await desk.clerk.pay("card")
    again = await desk.clerk.pay("card")
    receipt = await desk.clerk.card_goes_through(sold)
    order = await desk.pool.fetchrow("SELECT * FROM orders.orders ORDER BY placed_at DESC LIMIT 1")

    assert "Kaart · € 10,00" in shown
    assert again.status_code != 500
    assert "€ 20,00" in receipt
    assert tuple(await desk.moved()) == (1000, 0)
    assert await desk.from_the_card() == 0
    assert order["state"] == "delivered"
    came = await desk.pool.fetchrow("SELECT * FROM returns.returns")
    assert (came["exchanged_for"], came["amount"]) == (order["id"], 1000)
    there = "SELECT on_hand FROM stock.levels WHERE place_id = $1 AND product_id = $2"
    for gtin, n in ((A, 6), (B, 4)):
        place = desk.clerk.counter.store_id
        assert await desk.pool.fetchval(there, place, desk.sold.products[gtin]) == n
    assert await desk.sold.stage.faults() == []

    await desk.bring(order["id"], "n1=1&cause=changed-mind&condition=as-new")

    assert await desk.from_the_card() == 2000  # on the same card, of two payments
    assert await desk.sold.stage.faults() == []


async def test_for_something_cheaper_the_rest_goes_back_in_the_declared_order(shop):
    desk = await Exchanging.at(shop, gift=0, cash=1500)
    await desk.lay_down("n1", "damaged")  # 16.00, its share
    await desk.clerk.scan(C)

    sold = await desk.clerk.pay("cash")

    assert sold.status_code == 303, sold.text
    assert await desk.sold.went_back() == {"test": 100, "cash": 1500}
    assert tuple(await desk.moved()) == (1000, 600)
    drawer = "SELECT sum(amount)::int FROM tills.drawer WHERE kind <> 'float'"
    assert await desk.pool.fetchval(drawer) == -600  # six in coins; the other nine stay, and one
    assert await desk.sold.stage.faults() == []


async def test_a_card_that_fails_leaves_what_came_back_paid_back(shop):
    desk = await Exchanging.at(shop, gift=0, cash=1500)
    await desk.lay_down("n1", "changed-mind")
    await desk.clerk.scan(B)
    sold = await desk.clerk.pay("card")

    await desk.clerk.post(f"{sold.headers['location']}/give-up")
    page = await desk.clerk.page()

    assert "Hemd" in page
    assert tuple(await desk.moved()) == (1000, 1000)
    drawer = "SELECT sum(amount)::int FROM tills.drawer WHERE kind = 'refund'"
    assert await desk.pool.fetchval(drawer) == -1000
    await desk.sold.stage.make_refunds()
    assert await desk.sold.stage.faults() == []


@pytest.mark.parametrize("leave", [True, False])
async def test_nothing_comes_back_before_it_is_paid(shop, leave):
    desk = await Exchanging.at(shop)
    await desk.lay_down("n1", "changed-mind")
    if leave:
        await desk.clerk.post("/till/exchange/leave")
    else:
        await desk.sold.send("A", cause="damaged", amount=1600)  # meanwhile, on the phone
    await desk.clerk.scan(B)

    sold = await desk.clerk.pay("cash", given="20")

    assert sold.status_code == (303 if leave else 409)
    assert tuple(await desk.moved()) == (0, 0 if leave else 1600)
    assert await desk.sold.stage.faults() == []


async def test_what_was_asked_for_on_the_web_lies_ready_on_the_receipt(shop):
    desk = await Exchanging.at(shop, gift=0)
    browser, path = desk.sold.browser, desk.sold.path
    page = (await browser.get(f"{path}/returns?cause=changed-mind&n1=1")).text
    hidden = form_of(page)
    wish = {**hidden, "way": "shop", "instead": str(desk.sold.products[B])}
    asked = await browser.post(f"{path}/returns", data=wish)
    by_van = await browser.post(f"{path}/returns", data={**wish, "command": NEW, "way": "van"})
    code = await desk.pool.fetchval("SELECT code FROM returns.requests")
    found = await desk.clerk.client.get(f"/till/returns?code=R{code}")
    offer = await desk.clerk.page(found.headers["location"])

    laid = await desk.clerk.post(f"/till/returns/{desk.sold.id}/exchange", **form_of(offer))
    sold = await desk.clerk.pay("cash", given="10")

    assert "Hemd 23 · € 10,00" in page.replace("\xa0", " ")
    assert [asked.status_code, by_van.status_code] == [303, 409]
    assert "Hemd 23" in offer
    assert laid.headers["location"] == "/till"
    assert sold.status_code == 303, sold.text
    assert tuple(await desk.moved()) == (1000, 0)
    state = "SELECT state FROM returns.requests"
    assert await desk.pool.fetchval(state) == "done"
    assert await desk.sold.stage.faults() == []
