"""The operator's desk: how the shop is doing, who is told of it, what leaves it as files."""

ROUTES = {
    "GET /api/v1/exports/orders": "dispatcher,operator",
    "GET /api/v1/exports/parcels": "dispatcher,operator",
    "GET /api/v1/exports/stops": "dispatcher,operator",
    "GET /api/v1/exports/{table}/day.csv": "dispatcher,operator",
    "GET /api/v1/exports/epcis": "dispatcher,operator",
    "GET /api/v1/staff/orders/{id}/history": "operator,dispatcher",
    "POST /api/v1/staff/orders/{id}/notes": "operator,dispatcher",
    "GET /state": "operator",
    "GET /state/checks": "operator",
    "POST /state/events": "operator",
    "POST /state/steps": "operator",
    "POST /state/oddities": "operator",
    "GET /state/webhooks": "operator",
    "POST /state/webhooks": "operator",
    "POST /state/webhooks/secret": "operator",
    "POST /state/webhooks/removal": "operator",
    "POST /state/webhooks/replay": "operator",
    "POST /state/webhooks/replay-all": "operator",
}
