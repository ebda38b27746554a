"""Every route × every role: the table of permissions is what the app does."""

import pytest

from app.http.permissions import EVERYONE
from app.http.table import DESKS, PERMISSIONS
from app.main import create_app
from app.staff import ROLES
from tests.http.nasty import Attack, filled, routes
from tests.http.test_hostile import carry_out
from tests.staff_desk import open_shop

STAFF_ONLY = {route: needed for route, needed in PERMISSIONS.items() if needed != EVERYONE}


def attempt(route: str) -> Attack:
    method, path = route.split(" ", 1)
    return Attack(method, filled(path))


async def test_without_signing_in_staff_routes_are_closed(database_url):
    async with open_shop(database_url) as shop:
        answers = {route: await carry_out(shop.visitor, attempt(route)) for route in STAFF_ONLY}

    assert {route: answer.status_code for route, answer in answers.items()} == dict.fromkeys(
        STAFF_ONLY, 401
    )


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_opens_its_own_routes_and_no_others(database_url, role):
    wrong = []
    async with open_shop(database_url) as shop, await shop.desk(role) as desk:
        for route, needed in STAFF_ONLY.items():
            answer = await carry_out(desk, attempt(route))
            may = needed == "staff" or role in needed.split(",")
            refused = answer is not None and answer.status_code in (401, 403)
            if refused == may:
                wrong.append((route, needed, answer and answer.status_code))

    assert wrong == []


def test_the_table_names_only_roles_that_exist():
    words = {word for needed in STAFF_ONLY.values() for word in needed.split(",")}

    assert words <= {*ROLES, "staff"}
    assert len(PERMISSIONS) == sum(len(desk.ROUTES) for desk in DESKS)  # none stands at two desks


async def test_a_person_who_left_can_do_nothing(database_url, pool):
    async with open_shop(database_url) as shop, await shop.desk() as desk:
        await pool.execute("UPDATE staff.people SET left_at = now()")
        for route in STAFF_ONLY:
            answer = await carry_out(desk, attempt(route))
            assert answer.status_code == 401, route


async def test_a_page_for_staff_asks_to_sign_in_and_comes_back(database_url):
    async with open_shop(database_url) as shop:
        pages = [
            path
            for method, path, _ in routes(shop.app)
            if method == "GET" and f"GET {path}" in STAFF_ONLY and not path.startswith("/api/")
        ]
        for path in pages:
            answer = await shop.visitor.get(
                f"{filled(path)}?day=2", headers={"Accept": "text/html"}
            )
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/login?next=/")


def test_a_route_nobody_decided_about_keeps_the_shop_closed(settings, monkeypatch):
    monkeypatch.delitem(PERMISSIONS, "GET /login")

    with pytest.raises(RuntimeError, match="GET /login"):
        create_app(settings)
