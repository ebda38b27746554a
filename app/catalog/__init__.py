"""What is sold: products, their codes, their words and every price they had."""

from app.catalog.models import Product, UnitPrice
from app.catalog.queries import (
    by_code,
    category_names,
    ids_after,
    ids_by_codes,
    lowest_price_of_30_days,
    product,
    products,
)
from app.catalog.rules import unit_price

__all__ = [
    "Product",
    "UnitPrice",
    "by_code",
    "category_names",
    "ids_after",
    "ids_by_codes",
    "lowest_price_of_30_days",
    "product",
    "products",
    "unit_price",
]
