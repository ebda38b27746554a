"""Which van drives where, and when it is there: distances, plans, and the proof that one is true.

Knows stops, vans and a depot, nothing of orders. `insertion` says at once whether one more stop
fits; `improve` searches for a better plan in a process of its own; `verify` believes neither.
`Maps` asks a routing server how far it is.
"""

from app.routing.improving import improve
from app.routing.maps import Maps
from app.routing.models import Matrix, Plan, Problem, Roads, Spot, Stop, Tour, Van

__all__ = [
    "Maps",
    "Matrix",
    "Plan",
    "Problem",
    "Roads",
    "Spot",
    "Stop",
    "Tour",
    "Van",
    "improve",
]
