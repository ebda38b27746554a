"""Picking, substitutes, packing and driving over the API."""

from typing import Any

from app.fulfilment.delivery.routes import routes as driving
from app.fulfilment.packing.routes import routes as packing
from app.fulfilment.picking.routes import routes as picking
from app.fulfilment.substituting.routes import routes as substituting

routes: list[Any] = [*picking, *substituting, *packing, *driving]
