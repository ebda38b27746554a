"""What hangs is the same for everybody: here each test has a database and an address of its own."""

import random

import httpx
import pytest

from tests.conftest import database_url, open_for_business

__all__ = ["database_url"]


@pytest.fixture
async def shop(settings, routes):
    app = routes(settings)
    somewhere = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(somewhere, 1234))
    async with (
        open_for_business(app),
        httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client,
    ):
        client.app = app
        yield client
