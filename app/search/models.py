import msgspec

from app.catalog.models import Product


class Found(msgspec.Struct, frozen=True):
    """One page of what was found, of `total` in all. `close` when nothing has these words and
    these come close to them."""

    products: list[Product]
    total: int
    close: bool = False
