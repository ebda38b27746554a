"""Nothing a client can send ends as a 500: every route, every nasty input, signed in as everybody.

Signed in with every role, so that the input gets as far as it can.
"""

import asyncio

import pytest
import structlog
from structlog.contextvars import merge_contextvars

from tests.http.nasty import Attack, attacks_on, filled, routes
from tests.staff_desk import open_shop

A_STREAM_HAS_BEGUN_S = 1.0


def _signing_out_last(route) -> bool:
    return route[1] == "/logout"


async def carry_out(client, attack: Attack):
    headers = {"Content-Type": attack.media_type} if attack.media_type is not None else {}
    if attack.key is not None:
        headers["Idempotency-Key"] = attack.key
    request = client.build_request(attack.method, attack.path, content=attack.body, headers=headers)
    if not request.url.path.endswith("/events"):
        return await client.send(request)
    try:
        async with asyncio.timeout(A_STREAM_HAS_BEGUN_S):
            return await client.send(request)
    except TimeoutError:
        return None


def faults_of(answer) -> list[str]:
    """What a client must not see. A page may say what is wrong as a page."""
    faults = []
    if answer.status_code >= 500:
        faults.append(f"{answer.status_code} {answer.text[:200]}")
    if answer.status_code >= 400 and answer.status_code < 500:
        media_type = answer.headers.get("content-type", "")
        page = media_type.startswith("text/html") and "/api/" not in answer.request.url.path
        if not media_type.startswith("application/problem+json") and not page:
            faults.append(f"{answer.status_code} is no problem document")
        elif not page and not {"status", "code", "detail", "instance"} <= answer.json().keys():
            faults.append(f"{answer.status_code} problem document without {answer.json()}")
    if "Traceback" in answer.text:
        faults.append("a traceback")
    return faults


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.drill)])
async def test_no_route_answers_nonsense_with_a_500(database_url, every):
    """While building each route meets a fifth of it, its neighbours the rest; in the drills all."""
    faults, unlogged, tried = {}, [], 0
    async with open_shop(database_url) as shop, await shop.desk() as client:
        with structlog.testing.capture_logs(processors=[merge_contextvars]) as lines:
            all_routes = sorted(routes(shop.app), key=_signing_out_last)
            for place, (method, path, handler) in enumerate(all_routes):
                attacks = list(attacks_on(method, path, handler))
                for attack in attacks[place % min(every, len(attacks)) :: every]:
                    answer = await carry_out(client, attack)
                    if answer is None:
                        continue
                    tried += 1
                    for fault in faults_of(answer):
                        faults.setdefault(f"{method} {path}: {fault}", attack)
                    if answer.status_code >= 400:
                        unlogged.append(answer.headers["x-request-id"])

    assert tried > 300
    assert faults == {}
    logged = {line.get("request") for line in lines}
    assert [id for id in unlogged if id not in logged] == []


async def test_foreign_ids_look_like_none_at_all(database_url):
    """Somebody else's and nobody's are the same 404 (or ask to sign in), never a 403 that tells."""
    async with open_shop(database_url) as shop, await shop.desk() as client:
        for method, path, _ in routes(shop.app):
            if method == "GET" and path.startswith("/api/") and "{" in path:
                answer = await carry_out(client, Attack("GET", filled(path)))
                assert answer is not None
                assert answer.status_code in (200, 400, 404, 410), f"{path}: {answer.status_code}"


async def test_numbers_in_paths_have_one_spelling(database_url):
    """`{id:int}` would take `+1`, ` 1` and `١` for 1, so that one thing has many addresses."""
    async with open_shop(database_url) as shop:
        loose = [
            route.path
            for route in shop.app.routes
            for part in getattr(route, "path_components", ())
            if getattr(part, "type", None) in (int, float)
        ]

    assert loose == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_refused_with_and_without_its_length(database_url, chunked):
    async def pieces():
        for _ in range(20):
            yield b"x" * 8192

    content = pieces() if chunked else b"x" * 20 * 8192
    async with open_shop(database_url) as shop:
        answer = await shop.visitor.post(
            "/language",
            content=content,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"
