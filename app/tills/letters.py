"""The mail with a receipt, to an address given for this once."""

from functools import partial

import msgspec

from app.languages import Language, translate
from app.messaging.models import Letter
from app.orders import rows_of
from app.orders.models import Order
from app.tills.models import Receipt


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def letter_with(receipt: Receipt, order: Order, language: Language, address: str) -> Letter:
    say = partial(translate, language)
    read = msgspec.structs.replace(order, language=language)
    return Letter(
        subject=say(N_("Your receipt, order {number}"), number=order.number),
        greeting=say(N_("Hello,")),
        paragraphs=[say(N_("This is the receipt that you asked for at the till."))],
        button=say(N_("Open the receipt")),
        address=address,
        rows=rows_of(read, collected=True),
        closing=[
            say(N_("Receipt {number}"), number=receipt.number),
            say(N_("We have used your address for this mail alone, and forgotten it since.")),
        ],
    )
