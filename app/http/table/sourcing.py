"""Where an order comes from, by which rules, and what no place could bring."""

ROUTES = {
    "POST /api/v1/fulfilments/{fulfilment_id}/refuse": "picker,dispatcher",
    "GET /api/v1/sourcing/rules": "operator,dispatcher",
    "POST /api/v1/sourcing/tries": "operator,dispatcher",
    "GET /api/v1/sourcing/tries/{id}": "operator,dispatcher",
    "POST /api/v1/sourcing/tries/{id}/publish": "operator,dispatcher",
    "GET /api/v1/sourcing/orders/{id}": "operator,dispatcher,agent",
    "GET /api/v1/sourcing/unfilled": "operator,dispatcher",
    "POST /api/v1/sourcing/unfilled/{order_id}/again": "operator,dispatcher",
    "POST /api/v1/sourcing/unfilled/{order_id}/wait": "operator,dispatcher",
    "POST /api/v1/sourcing/unfilled/{order_id}/give-up": "operator,dispatcher",
    "GET /sourcing": "operator,dispatcher",
    "POST /sourcing/{order_id}/again": "operator,dispatcher",
    "POST /sourcing/{order_id}/wait": "operator,dispatcher",
    "POST /sourcing/{order_id}/give-up": "operator,dispatcher",
    "GET /sourcing/rules": "operator,dispatcher",
    "POST /sourcing/rules/tries": "operator,dispatcher",
    "GET /sourcing/rules/tries/{id}": "operator,dispatcher",
    "POST /sourcing/rules/tries/{id}/publish": "operator,dispatcher",
    "GET /sourcing/orders/{id}": "operator,dispatcher,agent,supervisor",
    "POST /sourcing/orders/{id}/refuse": "operator,dispatcher",
}
