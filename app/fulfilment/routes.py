"""Picking, packing and driving over the API."""

from typing import Any

from app.fulfilment.delivery.routes import routes as driving
from app.fulfilment.packing.routes import routes as packing
from app.fulfilment.picking.routes import routes as picking
from app.fulfilment.resourcing.routes import routes as resourcing

routes: list[Any] = [*picking, *packing, *driving, *resourcing]
