from tests.cart.conftest import database_url, opened, shop

__all__ = ["database_url", "opened", "shop"]
