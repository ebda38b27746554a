import pytest


@pytest.fixture
def redis_url():
    """No Redis: how often an address asked for mail is then remembered for one test only."""
    return ""
