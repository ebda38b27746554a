import pytest

from tests.slots.builders import delivering_place


@pytest.fixture
async def place(db):
    return await delivering_place(db)
