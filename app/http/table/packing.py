"""Packing, and the codes on what was packed."""

from app.http.permissions import EVERYONE

ROUTES = {
    "GET /api/v1/packing": "packer,dispatcher",
    "GET /api/v1/packing/{fulfilment_id}": "packer,dispatcher",
    "POST /api/v1/packing/{fulfilment_id}/parcels": "packer",
    "GET /packing": "packer",
    "GET /packing/{fulfilment_id}": "packer",
    "POST /packing/{fulfilment_id}/seal": "packer",
    "GET /packing/{fulfilment_id}/labels.pdf": "packer",
    "GET /packing/{fulfilment_id}/labels.zpl": "packer",
    "GET /packing/{fulfilment_id}/slip.pdf": "packer",
    "GET /00/{sscc}": EVERYONE,
    "GET /SLIP/{number}": EVERYONE,
}
