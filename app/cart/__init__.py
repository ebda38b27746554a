"""One basket for wall, web, till and contact centre.

`apply` carries out many commands of many carts in the caller's transaction; `submit` does one for
the shopper of a request, gathered with others, and opens a basket for somebody without, as
`open_empty` does for who has no request. `read` gives the lines with what they cost now. `freeze`,
`reopen` and `close` are for the checkout: one cart becomes one order at most. `join` makes one of
a guest's basket and a customer's; `pairing` hands a basket over; `again` puts in what was bought
before.
"""

from app.cart import again, arriving, pairing
from app.cart.actions import apply, close, freeze, reopen
from app.cart.joining import Joined, Occasion, join, meet, put_back, undo, undoable
from app.cart.queries.joining import forget_people
from app.cart.reading import (
    key_of,
    line_key,
    nothing,
    of_token,
    read,
    receipt,
    to_collect,
    wanted,
)
from app.cart.refusals import in_words
from app.cart.streaming import versions
from app.cart.submitting import submit, submit_one
from app.cart.tokens import (
    cookie,
    cookie_name,
    forget,
    give,
    hash_of,
    mine,
    of_request,
    open_empty,
    open_with,
)

__all__ = [
    "Joined",
    "Occasion",
    "again",
    "apply",
    "arriving",
    "close",
    "cookie",
    "cookie_name",
    "forget",
    "forget_people",
    "freeze",
    "give",
    "hash_of",
    "in_words",
    "join",
    "key_of",
    "line_key",
    "meet",
    "mine",
    "nothing",
    "of_request",
    "of_token",
    "open_empty",
    "open_with",
    "pairing",
    "put_back",
    "read",
    "receipt",
    "reopen",
    "submit",
    "submit_one",
    "to_collect",
    "undo",
    "undoable",
    "versions",
    "wanted",
]
