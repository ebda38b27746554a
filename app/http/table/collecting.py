"""Where orders are collected, and the desk that hands them over."""

from app.http.permissions import EVERYONE

ROUTES = {
    "GET /api/v1/collecting/points": EVERYONE,
    "GET /api/v1/places/{place_id}/desk": EVERYONE,
    "PUT /api/v1/places/{place_id}/desk": "merchandiser,operator",
    "GET /api/v1/collecting": "clerk,packer,supervisor",
    "POST /api/v1/collecting/parcels": "clerk,packer,supervisor",
    "POST /api/v1/collecting/find": "clerk,supervisor",
    "POST /api/v1/collecting/{fulfilment_id}/handed-over": "clerk,supervisor",
    "POST /api/v1/collecting/{fulfilment_id}/cleared": "clerk,packer,supervisor",
    "GET /collecting": "clerk,packer,supervisor",
    "POST /collecting/find": "clerk,supervisor",
    "POST /collecting/shelve": "clerk,packer,supervisor",
    "GET /collecting/{fulfilment_id}": "clerk,supervisor",
    "POST /collecting/{fulfilment_id}/hand-over": "clerk,supervisor",
    "POST /collecting/{fulfilment_id}/clear": "clerk,packer,supervisor",
    "GET /merchandiser/collecting": "merchandiser",
    "POST /merchandiser/collecting": "merchandiser",
}
