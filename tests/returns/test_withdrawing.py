"""Who bought at a distance may withdraw: said with one tap, confirmed by mail, paid back with what
bringing it cost; and what the law exempts."""

from uuid import uuid4

from tests.returns.desks import form_of, mails, seen, signed_in
from tests.returns.stage import Delivered, store_beside

ALL = "n1=1&n2=1&n3=1"


async def test_a_withdrawal_said_in_time_holds_also_when_the_goods_come_later(shop):
    sold = await Delivered.set_up(shop, gift=0, fee=395)
    page = seen((await sold.browser.get(f"{sold.path}/withdrawal")).text)
    offer = (await sold.browser.get(f"{sold.path}/returns?cause=withdrawal&{ALL}")).text

    sent = await sold.browser.post(f"{sold.path}/returns", data={**form_of(offer), "way": "shop"})
    mine = seen((await sold.browser.get(sent.headers["location"])).text)
    mail = (await mails(sold))["ReturnRequested"]
    code = await sold.pool.fetchval("SELECT code FROM returns.requests")
    await sold.pool.execute(
        "UPDATE orders.orders SET delivered_at = delivered_at - interval '24 days'"
    )
    await sold.pool.execute("UPDATE returns.requests SET asked_at = asked_at - interval '11 days'")
    clerk = await (await store_beside(sold.stage)).clerk()
    found = await clerk.client.get(f"/till/returns?code=r-{code[:4]}-{code[4:]}")
    at_the_till = await clerk.page(found.headers["location"])
    taken = await clerk.post(f"/till/returns/{sold.id}", **form_of(at_the_till))
    late = await sold.browser.post(
        f"/api/v1{sold.path}/returns/offer", json=sold.wanted("A", cause="withdrawal")
    )

    assert 'value="withdrawal"' in page
    assert "€ 43,95" in seen(offer)
    assert f"R-{code[:4]}-{code[4:]}" in mine
    assert all(words in mail for words in ("herroepen", "1 ×", "€ 43,95"))
    assert taken.status_code == 303
    assert (late.status_code, late.json()["code"]) == (409, "more-than-left")
    assert sum((await sold.went_back()).values()) == 4395
    assert await sold.stage.faults() == []


async def test_the_last_day_is_whole_and_after_it_only_the_shops_own_time_is_left(shop):
    sold = await Delivered.set_up(shop)
    assert (await sold.offer("C", cause="withdrawal"))["amount"] == 800
    answers = []
    for days in (14, 25, 40):
        await sold.pool.execute(
            "UPDATE orders.orders SET delivered_at = now() - make_interval(days => $1)", days
        )
        for cause in ("withdrawal", "changed-mind"):
            answer = await sold.browser.post(
                f"/api/v1{sold.path}/returns/offer", json=sold.wanted("C", cause=cause)
            )
            answers.append(answer.status_code)

    assert answers == [200, 200, 409, 200, 409, 409]
    assert "herroep" not in (await sold.browser.get(sold.path)).text.lower()


async def test_a_class_of_products_has_a_time_of_its_own_and_the_exception_of_the_law(shop):
    sold = await Delivered.set_up(shop)
    desk = await signed_in(sold, "merchandiser")

    async def with_period(days, reason, **wanted):
        answer = await desk.post(
            "/merchandiser/returns/windows",
            data={"command": str(uuid4()), "category": "shirts", "days": days, "reason": reason},
        )
        assert answer.status_code == 303, answer.text
        offered = await sold.browser.post(
            f"/api/v1{sold.path}/returns/offer", json=sold.wanted("A", **wanted)
        )
        return offered.json().get("code") or offered.status_code

    assert await with_period(0, "") == "too-late"
    assert await with_period(0, "", cause="withdrawal") == 200
    assert await with_period(30, "hygiene", condition="opened") == "not-sealed"
    assert await with_period(30, "hygiene", condition="as-new") == 200
    assert await with_period(30, "made-to-order", cause="withdrawal") == "no-return"
    assert await with_period(30, "perishable") == "no-return"
    assert await with_period(30, "perishable", cause="damaged") == 200
    unknown = await desk.put(
        "/api/v1/staff/returns/windows/nothing",
        json={"days": 3},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert unknown.status_code == 404
    written = {
        "command": str(uuid4()),
        "category": "shirts",
        "days": "a month",
        "reason": "hygiene",
    }
    refused = await desk.post("/merchandiser/returns/windows", data=written)
    assert refused.status_code == 422
    assert 'value="a month"' in refused.text, "what was written is not lost"
    assert "shirts" in (await desk.get("/merchandiser/returns/windows")).text


async def test_what_was_chosen_over_a_counter_or_where_no_such_law_holds_is_not_withdrawn(shop):
    sold = await Delivered.set_up(shop)
    path = f"/api/v1{sold.path}/returns"

    await sold.pool.execute("UPDATE orders.lines SET handover = 'carry-out' WHERE line_no = 1")
    await sold.pool.execute("UPDATE orders.orders SET country = 'US'")
    elsewhere = (await sold.browser.get(path)).json()["lines"]
    await sold.pool.execute("UPDATE orders.orders SET country = 'KR'")
    in_korea = (await sold.browser.get(path)).json()["lines"]

    assert [line["withdrawal_until"] for line in elsewhere] == [None] * 3
    assert [bool(line["withdrawal_until"]) for line in in_korea] == [False, True, True]
