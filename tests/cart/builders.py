"""A shelf with products, a poster with their prices, and baskets."""

from datetime import UTC, datetime, timedelta

from app.cart import queries
from app.cart.models import NO_EDITION, Add, LineKey, Remove, Set
from app.db import new_id
from qr_walls import gtin as gtins
from qr_walls import tokens

numbers = iter(range(10**6))


async def put_on_shelf(db, *, price=250, on_sale=True, number=None):
    """A product of the catalogue; returns its id and number."""
    id, gtin = new_id(), gtins.demo(next(numbers) if number is None else number)
    await db.execute(
        """INSERT INTO catalog.products (id, gtin, category, content_quantity, content_unit, price,
                                         currency, vat, on_sale)
           VALUES ($1, $2, 'dairy', 1000, 'ml', $3, 'EUR', 'low', $4)""",
        id, gtin, price, on_sale,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO catalog.texts (product_id, language, name) VALUES ($1, 'en', $2)",
        id, f"Milk {gtin}",
    )  # fmt: skip
    await db.execute("INSERT INTO catalog.codes (gtin, product_id) VALUES ($1, $2)", gtin, id)
    return id, gtin


async def print_label(db, product_id, gtin, *, price=200, days=30, state="live", since_days=1):
    """A label on a poster whose price holds for `days` more."""
    edition, wall, now = new_id(), new_id(), datetime.now(UTC)
    await db.execute(
        """INSERT INTO walls.walls (id, code, name, language, currency, time_zone,
                                    reading_distance_mm)
           VALUES ($1, $2, 'Platform 1', 'nl', 'EUR', 'Europe/Amsterdam', 1000)""",
        wall, f"w{wall.hex[-12:]}",
    )  # fmt: skip
    await db.execute("SELECT set_config('session_replication_role', 'replica', false)")
    await db.execute(
        """INSERT INTO walls.editions (id, wall_id, number, state, plan, codes, base_url, currency,
                                       valid_from, valid_until)
           VALUES ($1, $2, 1, 'draft', '{}', 1, 'http://shop.test', 'EUR', $3, $4)""",
        edition, wall, now - timedelta(days=since_days), now + timedelta(days=days),
    )  # fmt: skip
    token = tokens.new()
    await db.execute(
        """INSERT INTO walls.labels (token, position_id, edition_id, product_id, gtin,
                                     printed_price, currency, panel, shelf, place, state)
           VALUES ($1, $2, $3, $4, $5, $6, 'EUR', 1, 1, 1, $7)""",
        token, new_id(), edition, product_id, gtin, price, state,
    )  # fmt: skip
    await db.execute("SELECT set_config('session_replication_role', 'origin', false)")
    return token, edition


async def open_cart(db):
    id = new_id()
    await queries.open_cart(db, id, id.bytes * 2, "EUR")
    return id


def token_of(cart_id):
    return cart_id.bytes * 2


def add(cart_id, product_id=None, quantity=1, **more):
    more.setdefault("id", new_id())
    return Add(cart_id=cart_id, product_id=product_id, quantity=quantity, **more)


def set_to(cart_id, product_id, quantity, version, *, edition_id=NO_EDITION, id=None):
    line = LineKey(product_id, "delivery", edition_id)
    return Set(id=id or new_id(), cart_id=cart_id, line=line, version=version, quantity=quantity)


def remove(cart_id, product_id, version):
    return Remove(id=new_id(), cart_id=cart_id, line=LineKey(product_id), version=version)


async def quantities(db, cart_id):
    rows = await db.fetch("SELECT product_id, quantity FROM cart.lines WHERE cart_id = $1", cart_id)
    return {row["product_id"]: row["quantity"] for row in rows}
