"""Products nobody may sell, pick or hand over at the moment, e.g. because they were recalled.

`stop_sale` takes effect in the transaction it stands in: walls and baskets refuse the product (by
the catalogue), reservations too (by the counter); picking and vans ask `stopped`.
"""

from app.stock.stopping.actions import resume_sale, stop_sale
from app.stock.stopping.queries import find, running, stopped

__all__ = ["find", "resume_sale", "running", "stop_sale", "stopped"]
