from app.catalog.models import Product, UnitPrice
from app.money import Money


def unit_price(product: Product, price: Money | None = None) -> UnitPrice:
    """The price per kilogram, litre or piece, rounded half up (98/6/EC art. 2b)."""
    amount = product.price if price is None else price
    match product.content_unit:
        case "piece":
            return UnitPrice(_half_up(amount, product.content_quantity), "piece")
        case "g":
            return UnitPrice(_half_up(amount * 1000, product.content_quantity), "kg")
        case "ml":
            return UnitPrice(_half_up(amount * 1000, product.content_quantity), "l")


def _half_up(amount: int, divisor: int) -> int:
    return (2 * amount + divisor) // (2 * divisor)
