"""schema.sql can be read as one document, and is what all migrations together make."""

from app.db import dump


async def test_schema_sql_is_what_all_migrations_make(database_url):
    assert dump.schema_of(database_url) == dump.SCHEMA.read_text(), "run: python -m app.db.dump"
