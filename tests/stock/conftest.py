import pytest

from tests.stock.builders import open_place


@pytest.fixture
async def place(db):
    return await open_place(db, "centrum")
