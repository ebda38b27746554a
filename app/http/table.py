"""The table of route → who may use it. `everyone`, `staff` (any), or roles joined by commas."""

from app.http.permissions import EVERYONE

PERMISSIONS: dict[str, str] = {
    "GET /health/live": EVERYONE,
    "GET /health/ready": EVERYONE,
    "GET /assets/{path}": EVERYONE,
    "GET /files/{name}": EVERYONE,
    "POST /language": EVERYONE,
    # signing in
    "GET /login": EVERYONE,
    "POST /login": EVERYONE,
    "POST /logout": EVERYONE,
    # scanning
    "POST /api/v1/scans": EVERYONE,
    # the basket
    "POST /api/v1/cart/commands": EVERYONE,
    "GET /api/v1/cart": EVERYONE,
    "GET /api/v1/cart/events": EVERYONE,
    # operators
    "GET /metrics": EVERYONE,
    "GET /state": "operator",
    "GET /state/checks": "operator",
    "POST /state/events": "operator",
    "POST /state/steps": "operator",
    # delivery slots
    "GET /api/v1/slots": EVERYONE,
    # walls
    "GET /api/v1/walls": "merchandiser,operator",
    "POST /api/v1/walls": "merchandiser",
    "GET /api/v1/walls/{code}": "merchandiser,operator",
    "PUT /api/v1/walls/{code}": "merchandiser",
    "DELETE /api/v1/walls/{code}": "merchandiser",
    "PUT /api/v1/walls/{code}/plan": "merchandiser",
    "PUT /api/v1/walls/{code}/arrangement": "merchandiser",
    "PUT /api/v1/walls/{code}/positions/{position_id}": "merchandiser",
    "GET /api/v1/walls/{code}/editions": "merchandiser,operator",
    "POST /api/v1/walls/{code}/editions": "merchandiser",
    "GET /api/v1/walls/{code}/editions/{number}": "merchandiser,operator",
    "GET /api/v1/walls/{code}/editions/{number}/poster.pdf": "merchandiser,operator",
    "GET /api/v1/walls/{code}/editions/{number}/preview.png": "merchandiser,operator",
    "POST /api/v1/walls/{code}/editions/{number}/publication": "merchandiser",
    "POST /api/v1/walls/{code}/editions/{number}/retirement": "merchandiser",
    "GET /api/v1/posters/room": "merchandiser,operator",
    "GET /schema": EVERYONE,
    "GET /schema/openapi.json": EVERYONE,
    # picking, packing, driving
    "GET /api/v1/picking": "picker,dispatcher",
    "POST /api/v1/picking/batches": "picker",
    "GET /api/v1/picking/batches/{batch_id}": "picker,dispatcher",
    "POST /api/v1/picking/picks/{pick_id}/picked": "picker",
    "POST /api/v1/picking/picks/{pick_id}/short": "picker",
    "GET /api/v1/packing": "packer,dispatcher",
    "GET /api/v1/packing/{fulfilment_id}": "packer,dispatcher",
    "POST /api/v1/packing/{fulfilment_id}/parcels": "packer",
    "GET /api/v1/driving": "driver,dispatcher",
    "GET /api/v1/driving/{run_id}": "driver,dispatcher",
    "POST /api/v1/driving/{run_id}/parcels": "driver",
    "POST /api/v1/driving/{run_id}/depart": "driver",
    "POST /api/v1/driving/stops/{stop_id}/delivered": "driver",
    "POST /api/v1/driving/stops/{stop_id}/failed": "driver",
    "POST /api/v1/driving/{run_id}/back": "driver",
}
