"""Picking, and what is offered instead."""

ROUTES = {
    "GET /api/v1/picking": "picker,dispatcher",
    "POST /api/v1/picking/batches": "picker",
    "GET /api/v1/picking/batches/{batch_id}": "picker,dispatcher",
    "POST /api/v1/picking/picks/{pick_id}/picked": "picker",
    "POST /api/v1/picking/picks/{pick_id}/short": "picker",
    "POST /api/v1/picking/picks/{pick_id}/found": "picker",
    "PUT /api/v1/picking/handling/{product_id}": "merchandiser",
    "PUT /api/v1/picking/places/{place_id}/spots/{product_id}": "merchandiser",
    "GET /api/v1/picking/picks/{pick_id}/substitutes": "picker,dispatcher",
    "POST /api/v1/picking/picks/{pick_id}/substitutes": "picker",
    "POST /api/v1/picking/substitutes/{substitute_id}/withdrawal": "picker",
    "GET /picking": "picker",
    "POST /picking/start": "picker",
    "GET /picking/{batch_id}": "picker",
    "POST /picking/{batch_id}/scan": "picker",
    "POST /picking/{batch_id}/picked": "picker",
    "POST /picking/{batch_id}/short": "picker",
    "POST /picking/{batch_id}/found": "picker",
    "POST /picking/{batch_id}/offer": "picker",
    "POST /picking/{batch_id}/withdraw": "picker",
}
