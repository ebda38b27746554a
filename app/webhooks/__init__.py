"""Events for other people's servers: signed, in order per order, at least once, retried for 72 hours.

Signed by Standard Webhooks (standardwebhooks.com, 1.0.0): `webhook-id`, `webhook-timestamp`, and
`webhook-signature: v1,<base64>` over "id.timestamp.body". Secrets are `whsec_…` and shown once.
"""

from app.webhooks.actions import add, remove, renew_secret
from app.webhooks.models import TOLD
from app.webhooks.queries import endpoints, parked, replay, replay_all

__all__ = [
    "TOLD",
    "add",
    "endpoints",
    "parked",
    "remove",
    "renew_secret",
    "replay",
    "replay_all",
]
