"""Something else instead: what a picker offers for what is not there, and what the shopper says.

`proposals` are what would do. `offer` holds it for the shopper and asks them; they `answer` on the
page of their order until the time in the row is over, after that silence answers as their wish says
(`end_silent`). Accepted, it is picked; refused, another place sends what was ordered, or it is missing
and paid back. Never dearer than what was ordered: what it costs more is the shop's, what it costs less
goes back.
"""

from app.fulfilment.substituting.actions import answer, end_silent, offer, proposals, withdraw
from app.fulfilment.substituting.queries import of_batch, of_order

__all__ = ["answer", "end_silent", "of_batch", "of_order", "offer", "proposals", "withdraw"]
