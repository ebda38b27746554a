"""From a confirmed order to the doorstep: picked, packed, driven, handed over.

`release` makes a confirmed order the work of a place, `follow` goes along with a
change, `cancel` takes it off again. What people do
with it stands by noun: `picking`, `substituting`, `packing`, `delivery`, `collect`, `carriers`,
and `resourcing` where a place cannot. Every act is a command of its order; each
state may only become what `rules.TRANSITIONS` allows, anything else is a Conflict that lists what
is allowed now.
"""

from app.fulfilment import (
    carriers,
    collect,
    delivery,
    exports,
    packing,
    picking,
    resourcing,
    substituting,
)
from app.fulfilment.actions import cancel, follow, release
from app.fulfilment.delivery.door.queries import forget_people
from app.fulfilment.models import Act
from app.fulfilment.queries import of_order

__all__ = [
    "Act",
    "cancel",
    "carriers",
    "collect",
    "delivery",
    "exports",
    "follow",
    "forget_people",
    "of_order",
    "packing",
    "picking",
    "release",
    "resourcing",
    "substituting",
]
