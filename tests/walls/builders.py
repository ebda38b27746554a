"""A merchandiser's day: products in the catalogue, a wall with shelves, an edition that hangs."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from app import db, files, jobs, scan, walls
from app.db import begin, new_id
from app.scan.models import Code
from app.walls import queries
from app.walls.models import Details, Light, Proof, WishedPanel, WishedPosition
from qr_walls import gtin as gtins

numbers = iter(range(10**6))
SHOP = "http://shop.test"
DETAILS = Details(name="Utrecht Centraal", city="Utrecht", reading_distance_mm=300)


def next_month():
    return today() + timedelta(days=30)


def today():
    return datetime.now(UTC).date()


async def put_in_catalogue(db, name="Halfvolle melk", *, price=149, on_sale=True, **more):
    """A product; returns its id."""
    id, gtin = new_id(), gtins.demo(next(numbers))
    await db.execute(
        """INSERT INTO catalog.products (id, gtin, category, content_quantity, content_unit, price,
                                         currency, vat, on_sale)
           VALUES ($1, $2, 'dairy', 1000, 'ml', $3, $4, 'low', $5)""",
        id, gtin, price, more.get("currency", "EUR"), on_sale,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO catalog.texts (product_id, language, name) VALUES ($1, 'nl', $2)", id, name
    )
    await db.execute("INSERT INTO catalog.codes (gtin, product_id) VALUES ($1, $2)", gtin, id)
    await db.execute("INSERT INTO catalog.prices (product_id, amount) VALUES ($1, $2)", id, price)
    return id


def shelves(*rows, format="A4"):
    """One panel with these products on its shelves."""
    return [
        WishedPanel(
            format=format,
            shelves=[[WishedPosition(product_id=product) for product in row] for row in rows],
        )
    ]


async def plan_wall(pool, code="utc-1", products=None, *, details=DETAILS):
    """A wall with two products on one shelf."""
    async with begin(pool) as connection:
        if products is None:
            products = [await put_in_catalogue(connection, f"Product {n}") for n in range(2)]
        await walls.set_up(connection, code, details, currency="EUR", time_zone="Europe/Amsterdam")
        return await walls.replan(connection, code, shelves(products), 1)


async def hang_wall(pool, code="utc-1", products=None, *, publish=True):
    """A wall whose edition hangs; the poster is left blank, since nobody looks at it."""
    await plan_wall(pool, code, products)
    return await print_blank(pool, code, publish=publish)


def light(place=1, *, shelf=1, **found):
    """What a proof found of a code: all well, unless told."""
    usual = {
        "page": 1, "panel": 1, "shelf": shelf, "place": place, "label_mm": 98.2, "code_mm": 45.1,
        "faults": [], "read": (True, True), "quiet": True, "contrast": 0.91, "reach_mm": 412,
        "reach_720_mm": 274, "above_floor_mm": 1320, "within_reach": True, "safe": True,
    }  # fmt: skip
    return Light(**(usual | found))


async def print_blank(pool, code="utc-1", *, publish=True, site=None, lights=(), failures=()):
    async with begin(pool) as connection:
        edition = await walls.order_edition(
            connection, code, base_url=SHOP, last_day=next_month(), site=site, draw_later=False
        )
        pdf = await files.keep(connection, b"%PDF-blank", "application/pdf")
        png = await files.keep(connection, b"PNG-blank", "image/png")
        proof = Proof(edition.codes, reach_mm=300, failures=list(failures), notes=[], sheet=pdf)
        await queries.keep_poster(connection, edition.id, pdf, png, proof, lights)
        await jobs.announce(
            connection, aggregate="edition", id=edition.id, number=2, kind="EditionPrinted"
        )
        if publish:
            await walls.hang(connection, code, edition.number)
        return await walls.edition(connection, code, edition.number)


async def print_drawn(pool, ordered):
    """An edition that was ordered, drawn and proven here and now."""
    await walls.draw(pool, ordered.id)
    code = await pool.fetchval("SELECT code FROM walls.walls WHERE id = $1", ordered.wall_id)
    async with begin(pool) as connection:
        drawn = await walls.edition(connection, code, ordered.number)
    assert drawn.ready, drawn
    return drawn


async def wrong(pool):
    """What breaks a promise: of walls, or of the order in which things are told."""
    return [
        *await pool.fetch("SELECT * FROM checks.walls"),
        *await pool.fetch("SELECT * FROM checks.outbox"),
    ]


async def label_of(pool, edition, place=1):
    """The row of a printed label, as it is now."""
    row = await pool.fetchrow(
        """SELECT token, state, position_id, edition_id, product_id, gtin, printed_price
             FROM walls.labels
            WHERE edition_id = $1 AND place = $2""",
        edition.id, place,
    )  # fmt: skip
    return SimpleNamespace(**row)


async def look(pool, label):
    """What a phone is told that reads this label."""
    async with begin(pool) as connection:
        return await scan.look(connection, Code(label.token, label.gtin), "nl")


async def plan_of(pool, code="utc-1"):
    async with begin(pool) as connection:
        return await walls.plan(connection, code)


async def change_price(pool, product_id, price):
    async with db.begin(pool) as connection:
        await connection.execute(
            "UPDATE catalog.prices SET until_at = now() WHERE product_id = $1 AND until_at IS NULL",
            product_id,
        )
        await connection.execute(
            "INSERT INTO catalog.prices (product_id, amount) VALUES ($1, $2)",
            product_id, price,
        )  # fmt: skip
        await connection.execute(
            "UPDATE catalog.products SET price = $2 WHERE id = $1", product_id, price
        )
