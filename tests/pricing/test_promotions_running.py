from datetime import UTC, datetime, timedelta

import msgspec
from structlog.testing import capture_logs

from app import pricing
from app.db import new_id
from app.pricing import AmountOff, NForM, PercentOff
from tests.pricing.builders import JEANS, NOON, SHIRT, promotion


async def test_the_offers_of_the_hour_are_found_as_they_were_written(db):
    running = [
        promotion(NForM(3, 2), SHIRT, id=100),
        promotion(PercentOff(25), SHIRT, JEANS, id=101, until_at=NOON + timedelta(days=1)),
        promotion(AmountOff(50), JEANS, id=102),
    ]
    over = promotion(PercentOff(50), SHIRT, id=103, until_at=NOON)
    for one in [*running, over]:
        await pricing.write_promotion(db, one)

    assert await pricing.promotions_running(db, NOON) == running
    assert await pricing.promotions_running(db, NOON, [SHIRT]) == running[:2]
    assert await pricing.promotions_running(db, datetime(2025, 1, 1, tzinfo=UTC)) == []


async def test_an_offer_nobody_can_read_is_left_out_and_the_others_still_count(db):
    for rule in ({"type": "n-for-m", "take": 2, "pay": 3}, {"type": "moon-phase"}, {}):
        await db.execute(
            """
            INSERT INTO pricing.promotions (id, name, rule, product_ids, runs)
            VALUES ($1, '{}', $2, ARRAY[$3::uuid], '[2026-01-01,)')
            """,
            new_id(),
            rule,
            SHIRT,
        )
    good = promotion(PercentOff(10))
    await pricing.write_promotion(db, good)

    with capture_logs() as logs:
        assert await pricing.promotions_running(db, NOON) == [good]
    assert [entry["event"] for entry in logs] == ["promotion left out"] * 3


async def test_a_promotion_written_again_is_changed(db):
    await pricing.write_promotion(db, promotion(PercentOff(10)))
    better = promotion(PercentOff(20))
    await pricing.write_promotion(db, better)

    changed = msgspec.structs.replace(better, version=2)
    assert await pricing.promotions_running(db, NOON) == [changed]
