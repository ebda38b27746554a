from app import embedded
from app.db import dump


async def test_schema_sql_is_what_all_migrations_make(database_url):
    written = dump.SCHEMA.read_text()

    assert dump.schema_of(database_url, str(embedded.tool("pg_dump"))) == written, (
        "run: python -m app.db.dump"
    )
