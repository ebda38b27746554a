"""The door: other sites, other names, crowds, addresses in front of us, guesses, closing."""

import asyncio

import pytest

from app.http import health
from app.http.address import address_of, networks
from app.http.guard import Guard
from app.http.limits import BURST, Buckets, Misses
from tests.staff_desk import open_shop

FORM = {"data": {"language": "ko", "back": "/login"}}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://shop.test"}, 303),
        ({"Origin": "http://shop.test.evil.test"}, 403),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[evil"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://shop.test"}, 403),
    ],
)
async def test_a_change_from_another_site_is_not_carried_out(database_url, headers, status):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.post("/language", headers=headers, **FORM)

    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 303)


async def test_the_language_one_chose_is_the_language_one_reads(database_url):
    async with open_shop(database_url) as shop:
        await shop.visitor.post("/language", **FORM)

        assert '<html lang="ko">' in (await shop.visitor.get("/login")).text


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("text/plain", 415),
        ("", 415),
        ("application/json; charset=utf-16", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded; charset=UTF-8", 303),
    ],
)
async def test_only_what_we_read_is_taken_in(database_url, media_type, status):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.post(
            "/language", content=b"language=ko", headers={"Content-Type": media_type}
        )

    assert answer.status_code == status


async def test_in_production_the_shop_answers_under_its_own_name_alone(database_url):
    own = {"env": "production", "base_url": "https://shop.test"}
    async with open_shop(database_url, **own) as shop:
        ours = await shop.visitor.get("/login")
        foreign = await shop.visitor.get("/login", headers={"Host": "evil.test"})
        forwarded = await shop.visitor.get(
            "/login", headers={"Host": "evil.test", "X-Forwarded-Host": "shop.test"}
        )
        probe = await shop.visitor.get("/health/ready", headers={"Host": "10.1.2.3:8000"})

    assert [ours.status_code, foreign.status_code, forwarded.status_code] == [200, 421, 421]
    assert foreign.json()["code"] == "wrong-host"
    assert probe.status_code == 200


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/login?next=" + "a" * 5000, {}, "address-too-long"),
        ("/login", {"X-Long": "a" * 17_000}, "headers-too-long"),
        ("/%00", {}, "malformed"),
        ("/login?next=%00", {}, "malformed"),
        ("/%ff", {}, "malformed"),
        ("/%1b%5b2J", {}, "malformed"),
    ],
)
async def test_what_cannot_be_an_address_of_ours_is_refused_at_once(
    database_url, path, headers, code
):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.get(path, headers=headers)

    assert answer.status_code in (400, 413)
    assert answer.json()["code"] == code


async def test_asking_for_the_head_of_a_page_gives_its_headers_alone(database_url):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.head("/login")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.content == b""


async def test_every_answer_carries_the_headers_that_protect_it(database_url):
    async with open_shop(database_url, base_url="https://shop.test") as shop:
        for path in ("/login", "/nowhere", "/health/live", "/login?next=%00"):
            headers = (await shop.visitor.get(path)).headers
            assert "default-src 'self'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "private, no-store"
            assert headers["strict-transport-security"].startswith("max-age=")
            assert headers["x-request-id"]


async def test_when_all_connections_are_taken_the_answer_is_to_try_again_shortly(
    database_url, monkeypatch
):
    monkeypatch.setattr("app.db.ACQUIRE_TIMEOUT_S", 0.05)
    async with open_shop(database_url, pool_size=1) as shop:
        async with shop.pool.acquire():
            answer = await shop.visitor.get("/files/00")
            alive = await shop.visitor.get("/health/live")
            ready = await shop.visitor.get("/health/ready")

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["code"] == "busy"
        assert alive.status_code == 200
        assert ready.status_code == 503
        assert (await shop.visitor.get("/files/00")).status_code == 404


async def test_a_crowd_beyond_what_we_can_serve_is_told_so_at_the_door(database_url, monkeypatch):
    monkeypatch.setattr("app.main.REQUESTS_PER_CONNECTION", 2)
    async with open_shop(database_url, pool_size=1) as shop, shop.pool.acquire():
        crowd = [asyncio.create_task(shop.visitor.get("/files/00")) for _ in range(6)]
        first, _ = await asyncio.wait(crowd, return_when=asyncio.FIRST_COMPLETED)
        turned_away = [task.result() for task in first]
        alive = await shop.visitor.get("/health/live")
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)

    assert {answer.status_code for answer in turned_away} == {503}
    assert all(answer.headers["retry-after"] for answer in turned_away)
    assert alive.status_code == 200


@pytest.mark.parametrize(("bytes_per_s", "status"), [(4_000, 400), (1, 303)])
async def test_who_sends_a_body_drop_by_drop_holds_no_place_and_who_is_only_slow_gets_through(
    database_url, monkeypatch, bytes_per_s, status
):
    monkeypatch.setattr("app.http.arriving.FIRST_S", 0.05)
    monkeypatch.setattr("app.http.arriving.LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("app.http.arriving.SLOWEST_BYTES_PER_S", bytes_per_s)

    async def drops():
        for drop in (b"language", b"=", b"ko"):
            yield drop
            await asyncio.sleep(0.06)

    async with open_shop(database_url) as shop:
        answer = await shop.visitor.post(
            "/language",
            content=drops(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        inside = shop.app.asgi_handler.metrics.text()

    assert answer.status_code == status
    assert status == 303 or answer.json()["code"] == "too-slow"
    assert inside.count(b"perron_requests_inside 0.0") == 1


async def test_who_only_listens_to_changes_is_in_nobodys_way():
    """Hundreds of phones show a live basket; the next who looks must not be sent away for them."""
    told, statuses = asyncio.Event(), []

    async def shop(scope, receive, send):
        listens = scope["path"] == "/events"
        kind = b"text/event-stream" if listens else b"text/html"
        headers = [(b"content-type", kind)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if listens:
            await told.wait()

    async def visit(path):
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}

        async def send(message):
            statuses.append(message["status"])

        await guard(scope, None, send)

    guard = Guard(shop, https=False, most_inside=1)
    listening = [asyncio.create_task(visit("/events")) for _ in range(3)]
    await asyncio.sleep(0)
    await visit("/")
    told.set()
    await asyncio.gather(*listening)

    assert statuses == [200] * 4
    assert guard.metrics.text().count(b"perron_requests_inside 0.0") == 1


async def test_a_closing_shop_is_alive_but_not_ready(database_url):
    async with open_shop(database_url) as shop:
        assert (await shop.visitor.get("/health/ready")).status_code == 200

        health.close(shop.app.state)

        answer = await shop.visitor.get("/health/ready")
        assert (answer.status_code, answer.json()["database"]) == (503, "closing")
        assert (await shop.visitor.get("/health/live")).status_code == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "seen"),
    [
        ("198.51.100.7", None, [], "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", [], "198.51.100.7"),
        ("10.0.0.2", "203.0.113.9", ["10.0.0.0/8"], "203.0.113.9"),
        ("::ffff:10.0.0.2", "203.0.113.9", ["10.0.0.0/8"], "203.0.113.9"),
        ("10.0.0.2", "1.1.1.1, 203.0.113.9", ["10.0.0.0/8"], "203.0.113.9"),
        ("10.0.0.2", "1.1.1.1, 203.0.113.9, 10.0.0.3", ["10.0.0.0/8"], "203.0.113.9"),
        ("10.0.0.2", "nonsense", ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", "203.0.113.9, nonsense", ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", None, ["10.0.0.0/8"], "10.0.0.2"),
        ("2001:db8:1:2:3:4:5:6", None, [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", None, [], "203.0.113.9"),
        (None, None, [], "unknown"),
    ],
)
def test_a_client_is_the_last_hop_that_is_not_ours(peer, forwarded, proxies, seen):
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"client": (peer, 1234) if peer else None, "headers": headers}

    assert address_of(scope, networks(proxies)) == seen


def test_a_bucket_empties_and_fills_again():
    buckets = Buckets(burst=3, per_s=1)

    waits = [buckets.take("a", now=0) for _ in range(5)]

    assert waits == [0, 0, 0, 2, 2]
    assert buckets.take("b", now=0) == 0
    assert [buckets.take("a", now=2) for _ in range(3)] == [0, 0, 2]


async def test_guesses_are_counted_over_all_processes(redis_url):
    here, there = Misses(redis_url), Misses(redis_url)
    address = "198.51.100.1"
    try:
        waits = [
            await limiter.count("code", address)
            for _ in range(int(BURST))
            for limiter in (here, there)
        ]
        elsewhere = await there.count("code", "198.51.100.2")
    finally:
        await here.close()
        await there.close()

    assert waits[: int(BURST)] == [0] * int(BURST)
    assert waits[-1] > 0
    assert elsewhere == 0


async def test_without_redis_guesses_are_counted_in_this_process():
    misses = Misses("redis://127.0.0.1:1/0")
    try:
        waits = [await misses.count("code", "198.51.100.1") for _ in range(int(BURST) + 1)]
    finally:
        await misses.close()

    assert waits[:-1] == [0] * int(BURST)
    assert waits[-1] > 0
