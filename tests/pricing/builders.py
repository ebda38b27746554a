from datetime import UTC, datetime
from uuid import UUID

from app.pricing import Bundle, Line, NForM, Promotion

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHIRT, JEANS, SOCKS = UUID(int=1), UUID(int=2), UUID(int=3)


def line(product=SHIRT, quantity=1, unit_price=2000, *, key=None, **more):
    key = key or f"{product.int}"
    return Line(
        key=key,
        product_id=product,
        quantity=quantity,
        unit_price=unit_price,
        vat=more.pop("vat", "high"),
        **more,
    )


def promotion(
    rule, *products, id=100, from_at=datetime(2026, 1, 1, tzinfo=UTC), until_at=None, **more
):
    """For these products; for shirts when none is named, for everything with `anything=True`."""
    names = {"en": f"Offer {id}", "nl": f"Actie {id}", "ko": f"행사 {id}"}
    products = rule.product_ids if isinstance(rule, Bundle) else products
    ids = frozenset() if more.pop("anything", False) else frozenset(products or (SHIRT,))
    return Promotion(UUID(int=id), names, rule, ids, from_at, until_at, **more)


def three_for_two(*products, id=100):
    return promotion(NForM(3, 2), *products, id=id)
