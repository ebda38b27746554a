"""Shoppers with an account, known by a mail address and nothing else. Nobody needs one to shop.

`ask` mails a link, `use` makes a session of it once, `of_request` says who is asking.
`join` and `leave` put somebody into a group that prices can be for, and out of it.
"""

from app.customers.actions import ask, find_link, sign_out, use
from app.customers.queries import forget_old, forget_person, groups, join, leave
from app.customers.recognition import cookie, cookie_name, of_request, session_of
from app.customers.rules import tidy

__all__ = [
    "ask",
    "cookie",
    "cookie_name",
    "find_link",
    "forget_old",
    "forget_person",
    "groups",
    "join",
    "leave",
    "of_request",
    "session_of",
    "sign_out",
    "tidy",
    "use",
]
