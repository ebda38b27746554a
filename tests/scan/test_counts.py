"""Looks and additions are summed by label and hour; nobody is in them."""

from app.scan import Counts


async def test_looks_are_summed_and_written_once_in_a_while(pool, db):
    counts = Counts(pool)
    for _ in range(3):
        counts.looked("KK56AR7")
    counts.added("KK56AR7")
    await counts.write()
    counts.looked("KK56AR7")
    await counts.write()

    rows = await db.fetch(
        "SELECT label, sum(opens) AS opens, sum(adds) AS adds FROM scan.counts GROUP BY label"
    )

    assert [tuple(row) for row in rows] == [("KK56AR7", 4, 1)]
