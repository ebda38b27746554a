"""schema.sql can be read as one document, and is what all migrations together make."""

import re

from app.db import concurrently, dump, migrate


async def test_schema_sql_is_what_all_migrations_make(database_url):
    assert dump.schema_of(database_url) == dump.SCHEMA.read_text(), "run: python -m app.db.dump"


BIG = re.compile(
    r"(cart|checkout|commands|fulfilment|jobs|loyalty|messaging|orders|payments|returns|scan|stock)\.\w+"
    r"|catalog\.products|customers\.\w+|files\.files|pricing\.redemptions|slots\.(holds|doors|door_times)"
    r"|staff\.(audit|seals)|tills\.receipts|walls\.labels|webhooks\.messages"
)
"""Tables that grow with every scan, order or shopper."""
LOCKS = re.compile(
    r"CREATE (?:UNIQUE )?INDEX \w+\s+ON ([a-z_]+\.[a-z_]+)"
    r"|ALTER TABLE ([a-z_]+\.[a-z_]+)[^;]*?ADD (?:CONSTRAINT \w+ )?(?:UNIQUE|PRIMARY KEY|EXCLUDE)\b(?! USING)"
)
BEFORE = "0164"
"""Indexes of before were built while nobody had a shop yet."""


def _locked_by(sql):
    new = set(re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+\.[a-z_]+)", sql))
    found = {index or constraint for index, constraint in LOCKS.findall(sql)}
    return {table for table in found - new if BIG.fullmatch(table)}


def test_an_index_on_a_table_that_grows_is_built_while_the_shop_sells_on():
    """In a file that begins with `-- Outside of a transaction`, by CREATE INDEX CONCURRENTLY."""
    locking = {
        path.name: locked
        for path in migrate.files()
        if path.name >= BEFORE and (locked := _locked_by(path.read_text()))
    }

    assert locking == {}
    assert _locked_by((migrate.FOLDER / "0163_looked_up_by_index.sql").read_text())


def test_what_stands_outside_of_a_transaction_can_be_applied_again():
    for path in migrate.files():
        if concurrently.is_meant(sql := path.read_text()):
            assert concurrently.statements(sql), path
        else:
            assert "CONCURRENTLY" not in sql, path
