import pytest

from tests.checkout.stage import Stage


@pytest.fixture
async def stage(shop):
    """An open shop that can deliver."""
    stage = await Stage.set_up(shop)
    yield stage
    assert await stage.faults() == []
