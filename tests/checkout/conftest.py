import pytest

from tests.checkout.several import TwoStores
from tests.checkout.stage import Stage


@pytest.fixture
async def stage(shop):
    """An open shop that can deliver."""
    stage = await Stage.set_up(shop)
    yield stage
    assert await stage.faults() == []


@pytest.fixture
async def stores(shop):
    """One piece of the milk at one store, one at another, both in the same window."""
    stage = await TwoStores.set_up(shop)
    yield stage
    assert await stage.faults() == []
