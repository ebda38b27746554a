"""The contact centre: a caller is found and verified, and helped on the same basket and order.

`find` needs a reason and leaves a trace, `begin` opens a call, `verify` compares what the caller
knows; only then is anything personal shown, and anything changed. `who_looked` is for the customer.
"""

from app.contact.actions import (
    add,
    answer_offer,
    begin,
    call_off,
    end,
    find,
    is_shown,
    look_at_card,
    mail_pay_link,
    note,
    note_change,
    order,
    order_on,
    read,
    send_pay_link,
    start_basket,
    step,
    verify,
)
from app.contact.models import Call, Happening, Match
from app.contact.queries import calls_of, forget_people, timeline, who_looked
from app.contact.rules import check_no_card

__all__ = [
    "Call",
    "Happening",
    "Match",
    "add",
    "answer_offer",
    "begin",
    "call_off",
    "calls_of",
    "check_no_card",
    "end",
    "find",
    "forget_people",
    "is_shown",
    "look_at_card",
    "mail_pay_link",
    "note",
    "note_change",
    "order",
    "order_on",
    "read",
    "send_pay_link",
    "start_basket",
    "step",
    "timeline",
    "verify",
    "who_looked",
]
