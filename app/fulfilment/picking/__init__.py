"""From the shelf into the tote: carts of up to six orders, in walking order, checked by scan."""

from app.fulfilment.picking.actions import (
    found,
    handle,
    pick,
    pick_list,
    product_of,
    short,
    start,
    take_out,
)
from app.fulfilment.picking.queries import open_batches, waiting

__all__ = [
    "found",
    "handle",
    "open_batches",
    "pick",
    "pick_list",
    "product_of",
    "short",
    "start",
    "take_out",
    "waiting",
]
