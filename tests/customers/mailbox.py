"""What a shopper finds in the mail."""

import re

import httpx

from app.db import new_id


async def links_to(db, email):
    """Paths of the links that were mailed to this address, oldest first."""
    rows = await db.fetch(
        "SELECT body_text FROM messaging.messages WHERE recipient = $1 ORDER BY written_at, id",
        email,
    )
    found = [re.search(r"http://[^/]+(/sign-in/\S+)", row["body_text"]) for row in rows]
    return [link[1] for link in found if link]


async def ask(phone, email, at=""):
    return await phone.post("/sign-in", data={"email": email, "at": at})


async def sign_in(phone, db, email, *, at="", command=None):
    """From the form to the basket, by the newest link."""
    await ask(phone, email, at)
    link = (await links_to(db, email.lower()))[-1].partition("?")[0]
    return await phone.post(link, data={"command": str(command or new_id()), "at": at})


def another_phone(shop):
    transport = httpx.ASGITransport(shop.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test")


async def put_in(phone, product_id, quantity=1, **more):
    body = {"do": "add", "id": str(new_id()), "product_id": str(product_id), "quantity": quantity}
    answer = await phone.post("/api/v1/cart/commands", json=body | more)
    assert answer.status_code == 200, answer.text
    return answer


async def lines(phone):
    """Product → quantity of the basket this phone has."""
    read = (await phone.get("/api/v1/cart")).json()
    return {line["product_id"]: line["quantity"] for line in read["lines"]}
