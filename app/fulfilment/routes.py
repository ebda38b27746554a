"""Picking, substitutes, packing, driving and collecting over the API."""

from typing import Any

from app.fulfilment.carriers.routes import routes as carriers
from app.fulfilment.collect.routes import routes as collecting
from app.fulfilment.delivery.routes import routes as driving
from app.fulfilment.exports.routes import routes as exports
from app.fulfilment.packing.routes import routes as packing
from app.fulfilment.picking.routes import routes as picking
from app.fulfilment.resourcing.routes import routes as resourcing
from app.fulfilment.substituting.routes import routes as substituting

routes: list[Any] = [
    *picking,
    *substituting,
    *packing,
    *driving,
    *resourcing,
    *collecting,
    *carriers,
    *exports,
]
