"""Walls that hung before there were sites go on selling after the upgrade."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from app import db as database
from app import walls
from app.db import migrate as migrations
from app.db import new_id
from tests.conftest import as_admin, with_database
from tests.walls.builders import put_in_catalogue


@pytest.fixture
async def old_database(servers, tmp_path, monkeypatch):
    """A database as the version before sites made it."""
    for path in migrations.files():
        if path.name < "0030":
            shutil.copy(path, tmp_path)
    name = f"old_{os.getpid()}"
    url = with_database(servers.database_url, name)
    async with as_admin(servers.database_url) as admin:
        await admin.execute(f'CREATE DATABASE "{name}"')
        with monkeypatch.context() as before:
            before.setattr(migrations, "FOLDER", tmp_path)
            await migrations.migrate(url)
        yield url
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def wall(db, code, *editions, retired=False):
    """As it stood in the old tables: editions by state, with one label each."""
    id, now = new_id(), datetime.now(UTC)
    await db.execute(
        """INSERT INTO walls.walls (id, code, name, place_hint, city, language, currency, time_zone,
                                    reading_distance_mm, retired_at)
           VALUES ($1, $2, 'Utrecht', 'Perron 5', 'Utrecht', 'nl', 'EUR', 'Europe/Amsterdam', 500,
                   CASE WHEN $3 THEN now() END)""",
        id, code, retired,
    )  # fmt: skip
    product = await put_in_catalogue(db)
    for number, state in enumerate(editions, 1):
        await edition(db, id, number, state, product, now + timedelta(minutes=number))


async def edition(db, wall_id, number, state, product, at):
    id, position, token = new_id(), new_id(), f"{new_id().int % 10**7:07d}"
    label = {
        "position_id": str(position), "token": token, "product_id": str(product),
        "gtin": "09521234543213", "price": 149, "facings": 0, "offer": "", "prior_price": None,
    }  # fmt: skip
    plan = [{"format": "A4", "width_mm": 210, "height_mm": 297, "shelves": [[label]]}]
    file = b"%d" % number
    await db.execute(
        """INSERT INTO files.files (sha256, body, media_type) VALUES (sha256($1), $1, 'x/y')
           ON CONFLICT DO NOTHING""",
        file,
    )  # fmt: skip
    await db.execute(
        """INSERT INTO walls.editions (id, wall_id, number, state, plan, codes, base_url, currency,
                  valid_from, valid_until, pdf, png, proof, printed_at, published_at)
           VALUES ($1, $2, $3, $4::text, $5, 1, 'http://shop.test', 'EUR', $6::timestamptz, $7, sha256($8::bytea), sha256($8::bytea),
                   '{"failures": []}', $6, CASE WHEN $4::text <> 'draft' THEN $6::timestamptz END)""",
        id, wall_id, number, state, plan, at, at + timedelta(days=30), file,
    )  # fmt: skip
    if state != "draft":
        await db.execute(
            """INSERT INTO walls.labels (token, position_id, edition_id, product_id, gtin,
                      printed_price, currency, panel, shelf, place, state)
               VALUES ($1, $2, $3, $4, '09521234543213', 149, 'EUR', 1, 1, 1, $5)""",
            token, position, id, product, "retired" if state == "retired" else "live",
        )  # fmt: skip


async def test_every_wall_becomes_a_design_with_one_site(old_database):
    pool = await database.open_pool(old_database, size=2)
    async with database.begin(pool) as db:
        await wall(db, "hangs", "published", "published", "draft")
        await wall(db, "planned", "draft")
        await wall(db, "gone", "retired", retired=True)

    await migrations.migrate(old_database)

    await pool.close()
    pool = await database.open_pool(old_database, size=2)
    async with database.begin(pool) as db:
        sites = {site.code: site for site in await walls.sites_of(db)}
        assert {code: site.state for code, site in sites.items()} == {
            "hangs": "open", "planned": "planned", "gone": "down",
        }  # fmt: skip
        assert (sites["hangs"].edition, sites["hangs"].hung, sites["hangs"].panels) == (2, 1, 1)
        assert [one.edition for one in await walls.hanging(db, sites["hangs"].id)] == [2]
        states = await db.fetch("SELECT state FROM walls.labels ORDER BY edition_id")
        assert [row["state"] for row in states] == ["live", "live", "retired"]
        assert await db.fetch("SELECT * FROM checks.walls") == []
        await walls.take_down(db, "hangs")  # the first thing told of it is its event number 1
    assert await pool.fetch("SELECT * FROM checks.outbox WHERE aggregate_kind = 'site'") == []
    await pool.close()
