"""The operator sees how the shop is doing and sets going again what gave up."""

import re

import pytest
from markupsafe import escape

from app import consequences, db, jobs
from app.pages.state.words import WORDS, WORK, in_words
from app.settings import Settings
from tests.staff_desk import open_shop

PAGE = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
async def parked_event(pool):
    """An order whose mail could not be sent for three days."""
    order = db.new_id()
    await pool.execute(
        """
        WITH told AS (
            INSERT INTO jobs.events (aggregate, number, aggregate_kind, kind, body)
            VALUES ($1, 1, 'order', 'OrderPlaced', '{}')
        )
        INSERT INTO jobs.deliveries (consumer, aggregate, number, parked_at)
        VALUES ('mail about an order', $1, 1, now())
        """,
        order,
    )
    return order


@pytest.fixture
async def failed_step(pool):
    id = db.new_id()
    await pool.execute(
        """
        INSERT INTO jobs.tasks (id, kind, body, state, attempts, note, finished_at)
        VALUES ($1, 'print wall', '{}', 'failed', 5, 'OSError: disk is full', now())
        """,
        id,
    )
    return id


async def test_the_page_says_that_all_is_well(database_url):
    async with open_shop(database_url) as shop, await shop.desk("operator") as desk:
        page = await desk.get("/state", headers=PAGE)

    assert page.status_code == 200
    assert "Nothing. Whatever failed was tried again by itself." in page.text
    assert "none is running" in page.text


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
async def test_all_promises_hold_in_an_empty_shop(database_url, language):
    async with open_shop(database_url) as shop, await shop.desk("operator") as desk:
        page = await desk.get("/state/checks", headers={**PAGE, "Accept-Language": language})

    assert page.status_code == 200
    assert 'class="note bad"' not in page.text
    shown = set(re.findall(r"<span>([^<]+)<br>", page.text))
    assert shown == {escape(in_words(name, language)) for name in WORDS}


async def test_a_broken_promise_shows_its_rows(database_url, pool):
    audit = db.new_id()
    await pool.execute(
        "INSERT INTO staff.audit (id, at, act, subject)"
        " VALUES ($1, now() - interval '1 hour', 'x', 'x')",
        audit,
    )

    async with open_shop(database_url) as shop, await shop.desk("operator") as desk:
        page = await desk.get("/state/checks", headers=PAGE)

    assert 'class="note bad"' in page.text
    assert str(audit) in page.text


async def test_a_parked_event_is_offered_again_once(database_url, pool, parked_event):
    form = {
        "command": str(db.new_id()),
        "consumer": "mail about an order",
        "aggregate": str(parked_event),
        "number": "1",
    }
    async with open_shop(database_url) as shop, await shop.desk("operator") as desk:
        shown = (await desk.get("/state", headers=PAGE)).text
        assert str(parked_event) in shown
        assert "<strong>Ordered</strong> → Mail about an order" in shown, "in words"

        answers = [await desk.post("/state/events", data=form) for _ in range(2)]
        again = await desk.post("/state/events", data={**form, "command": str(db.new_id())})

        assert str(parked_event) not in (await desk.get("/state", headers=PAGE)).text
    assert [answer.status_code for answer in answers] == [303, 303]
    assert again.status_code == 409
    assert await pool.fetchval("SELECT count(*) FROM jobs.backlogs") == 1
    assert await pool.fetchval("SELECT act FROM staff.audit") == "hear event again"


def test_all_work_behind_the_scenes_has_words(tmp_path):
    known = jobs.Register()
    consequences.register(known, Settings(home=tmp_path, secret="", base_url=""))
    names = {name for names in known.consumers.values() for name in names} | set(known.steps)

    assert names - set(WORK) == set()


async def test_a_failed_step_is_taken_again(database_url, pool, failed_step):
    async with open_shop(database_url) as shop, await shop.desk("operator") as desk:
        assert "disk is full" in (await desk.get("/state", headers=PAGE)).text

        await desk.post(
            "/state/steps", data={"command": str(db.new_id()), "step": str(failed_step)}
        )

    step = await jobs.task(pool, failed_step)
    assert (step.state, step.attempts) == ("waiting", 0)


async def test_monitoring_reads_requests_and_queues(database_url, parked_event, failed_step):
    async with open_shop(database_url) as shop:
        await shop.visitor.get("/files/0123")
        text = (await shop.visitor.get("/metrics")).text

    assert 'perron_requests_total{method="GET",path="/files/{name}",status="404"} 1.0' in text
    assert 'perron_outbox_parked{consumer="mail about an order"} 1.0' in text
    assert 'perron_steps_failed{kind="print wall"} 1.0' in text
    assert "0123" not in text


async def test_metrics_are_not_for_those_who_come_through_the_proxy(database_url):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})

    assert answer.status_code == 404
