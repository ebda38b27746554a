import asyncio

import pytest

from tests.staff_desk import open_shop


@pytest.fixture
async def shop(database_url):
    """The shop, open in a task of its own: what it opened must be closed where it was opened."""
    opened, closing = asyncio.get_running_loop().create_future(), asyncio.Event()

    async def keep_open():
        async with open_shop(database_url) as shop:
            opened.set_result(shop)
            await closing.wait()

    task = asyncio.create_task(keep_open())
    await asyncio.wait({task, opened}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    yield opened.result()
    closing.set()
    await task
