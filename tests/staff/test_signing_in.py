"""Staff sign in with a name and a password, are limited in guessing, and are signed out in time."""

import asyncio

import pytest

from app import db, staff
from app.errors import Conflict, Malformed, NotSignedIn, TooMany
from app.staff import rules
from tests.staff_desk import employ, open_shop

PASSWORD = "correct horse battery"


@pytest.fixture
async def ans(pool):
    async with db.begin(pool) as connection:
        return await staff.hire(
            connection, name="Ans", login="ans", password=PASSWORD, roles=["picker"]
        )


async def test_a_right_password_opens_a_session(pool, ans):
    token, person = await staff.sign_in(pool, " Ans", PASSWORD, "192.0.2.1")

    assert (person.id, person.roles) == (ans, ["picker"])
    assert len(token) >= 43
    kept = await pool.fetchval("SELECT token_sha256 FROM staff.sessions")
    assert kept == rules.hash_of(token)


async def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(pool, ans):
    refusals = []
    for login in ("ans", "nobody"):
        with pytest.raises(NotSignedIn) as refusal:
            await staff.sign_in(pool, login, "wrong", "192.0.2.1")
        refusals.append((refusal.value.sentence, refusal.value.code))

    assert refusals[0] == refusals[1]


async def test_forty_guesses_at_once_are_ten_guesses(pool, ans):
    guesses = [staff.sign_in(pool, "ans", "wrong", f"192.0.2.{n}") for n in range(40)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)

    assert sum(isinstance(answer, NotSignedIn) for answer in answers) == rules.ACCOUNT_FAILURES
    assert sum(isinstance(answer, TooMany) for answer in answers) == 40 - rules.ACCOUNT_FAILURES


async def test_after_too_many_failures_even_the_right_password_waits(pool, ans):
    for _ in range(rules.ACCOUNT_FAILURES):
        with pytest.raises(NotSignedIn):
            await staff.sign_in(pool, "ans", "wrong", "192.0.2.1")

    with pytest.raises(TooMany) as refusal:
        await staff.sign_in(pool, "ans", PASSWORD, "192.0.2.2")

    assert 0 < refusal.value.retry_after_s <= rules.FAILURES_FADE_AFTER_S


async def test_failures_fade(pool, ans):
    for _ in range(rules.ACCOUNT_FAILURES):
        with pytest.raises(NotSignedIn):
            await staff.sign_in(pool, "ans", "wrong", "192.0.2.1")
    await pool.execute("UPDATE staff.attempts SET since = since - interval '16 minutes'")

    _, person = await staff.sign_in(pool, "ans", PASSWORD, "192.0.2.1")

    assert person.id == ans


async def test_a_short_password_and_a_taken_login_are_refused(pool, ans):
    async with db.begin(pool) as connection:
        with pytest.raises(Malformed, match="10 to 200"):
            await staff.hire(connection, name="B", login="b", password="short", roles=[])
        with pytest.raises(Conflict, match="ANS"):
            await staff.hire(connection, name="B", login="ANS", password=PASSWORD, roles=[])


async def test_a_new_password_ends_the_sessions_opened_with_the_old_one(pool, ans):
    await staff.sign_in(pool, "ans", PASSWORD, "192.0.2.1")

    async with db.begin(pool) as connection:
        await staff.change_password(connection, "ans", PASSWORD + "!")

    assert await pool.fetchval("SELECT count(*) FROM staff.sessions") == 0
    with pytest.raises(NotSignedIn):
        await staff.sign_in(pool, "ans", PASSWORD, "192.0.2.1")


async def test_the_form_signs_in_and_leads_back_to_where_one_was(database_url, pool, ans):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.post(
            "/login", data={"login": "ans", "password": PASSWORD, "next": "/picking?day=today"}
        )

        assert (answer.status_code, answer.headers["location"]) == (303, "/picking?day=today")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        assert "Ans" in (await shop.visitor.get("/login")).text


async def test_behind_https_the_cookie_is_bound_to_this_host(database_url, pool, ans):
    async with open_shop(database_url, base_url="https://shop.test") as shop:
        answer = await shop.visitor.post("/login", data={"login": "ans", "password": PASSWORD})

    assert answer.headers["set-cookie"].startswith("__Host-staff=")
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test", "javascript:alert(1)"],
)
async def test_signing_in_never_leads_to_another_site(database_url, pool, ans, elsewhere):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.post(
            "/login", data={"login": "ans", "password": PASSWORD, "next": elsewhere}
        )

    assert answer.headers["location"] == "/picking"


async def test_a_wrong_password_shows_the_form_again_in_ones_language(database_url, pool, ans):
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.post(
            "/login",
            data={"login": "ans", "password": "wrong"},
            headers={"Accept": "text/html", "Accept-Language": "ko"},
        )

    assert answer.status_code == 401
    assert "아이디와 비밀번호가 맞지 않습니다." in answer.text
    assert 'value="ans"' in answer.text


async def test_too_many_tries_say_how_long_to_wait(database_url, pool, ans):
    async with open_shop(database_url) as shop:
        for _ in range(rules.ACCOUNT_FAILURES):
            await shop.visitor.post("/login", data={"login": "ans", "password": "wrong"})
        answer = await shop.visitor.post("/login", data={"login": "ans", "password": PASSWORD})

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_signing_out_ends_the_session_on_the_server(database_url, pool):
    async with open_shop(database_url) as shop, await shop.desk("picker") as desk:
        token = desk.cookies["staff"]
        await desk.post("/logout")
        desk.cookies.set("staff", token)

        assert "password" in (await desk.get("/login")).text


@pytest.mark.parametrize(
    "long_ago",
    [
        "UPDATE staff.sessions SET started_at = now() - interval '12 hours 1 second'",
        "UPDATE staff.sessions SET seen_at = now() - interval '31 minutes'",
    ],
)
async def test_a_session_ends_by_itself(database_url, pool, long_ago):
    token, _ = await employ(pool, "picker")
    await pool.execute(long_ago)

    async with open_shop(database_url) as shop:
        shop.visitor.cookies.set("staff", token)

        assert "password" in (await shop.visitor.get("/login")).text


async def test_signing_in_again_ends_the_session_before(database_url, pool, ans):
    async with open_shop(database_url) as shop:
        await shop.visitor.post("/login", data={"login": "ans", "password": PASSWORD})
        first = shop.visitor.cookies["staff"]
        await shop.visitor.post("/login", data={"login": "ans", "password": PASSWORD})

        assert shop.visitor.cookies["staff"] != first
        assert await pool.fetchval("SELECT count(*) FROM staff.sessions") == 1
