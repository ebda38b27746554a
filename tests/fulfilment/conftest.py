import pytest

from tests.fulfilment.builders import world as open_world


@pytest.fixture
async def world(pool):
    return await open_world(pool)
