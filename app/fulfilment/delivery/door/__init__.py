"""At the door: handed over with a proof, refused line by line, or nobody was home."""

from app.fulfilment.delivery.door import replaying
from app.fulfilment.delivery.door.actions import deliver, fail, note_door
from app.fulfilment.delivery.door.again import end_silent
from app.fulfilment.delivery.door.choosing import choose, ways
from app.fulfilment.delivery.door.keeping import forget, redrawn
from app.fulfilment.delivery.door.queries import proof, refused_units, unwanted
from app.fulfilment.delivery.door.rules import pin_check, pin_of

__all__ = [
    "choose",
    "deliver",
    "end_silent",
    "fail",
    "forget",
    "note_door",
    "pin_check",
    "pin_of",
    "proof",
    "redrawn",
    "refused_units",
    "replaying",
    "unwanted",
    "ways",
]
