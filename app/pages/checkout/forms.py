"""What a shopper writes in the checkout, kept as written until it can be sent."""

from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from app.checkout.models import Wanted
from app.errors import Unprocessable
from app.slots.rules import read_postcode

WRITTEN = (
    "name", "email", "phone", "street", "house_number", "postcode", "city", "note", "substitution",
    "coupon",
)  # fmt: skip
NUMBERS = ("cart_version", "total", "to_pay")
MOST_CARDS = 5

_TYPES = get_type_hints(Wanted, include_extras=True)


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


WHAT_IS_WRONG = {
    "name": N_("Please write your name."),
    "email": N_("Please write an e-mail address like name@example.nl."),
    "phone": N_("Please write a phone number, with digits, spaces and + only."),
    "street": N_("Please write your street."),
    "house_number": N_("Please write your house number."),
    "postcode": N_("Please write the postcode like 3511 AB."),
    "city": N_("Please write your town or city."),
    "note": N_("This note is too long."),
    "substitution": N_("Please choose one of the two."),
    "coupon": N_("This is no code of ours."),
}


def read(form: Mapping[str, Any]) -> tuple[Wanted | None, dict[str, str], dict[str, str]]:
    """What was agreed to, what was written, and what is wrong with which field (in English).

    Raises msgspec.ValidationError when a hidden field is not as our page made it.
    """
    written = {field: str(form.get(field, "")).strip() for field in WRITTEN}
    if "of_age" in form:
        written["of_age"] = "true"
    wrong = {
        field: sentence
        for field, sentence in WHAT_IS_WRONG.items()
        if not _fits(field, written[field])
    }
    if wrong:
        return None, written, wrong
    hidden = {field: str(form.get(field, "")) for field in (*NUMBERS, "slot") if field in form}
    agreed = {**written, **hidden, "gift_cards": gift_cards(form), "of_age": "of_age" in form}
    return msgspec.convert(agreed, Wanted, strict=False), written, {}


def gift_cards(form: Mapping[str, Any]) -> list[str]:
    """The codes on the form, the new one last; one whose button was pressed is left out."""
    without = str(form.get("do", "")).removeprefix("without-")
    names = [f"gift_card_{n}" for n in range(1, MOST_CARDS + 1) if str(n) != without]
    typed = [str(form.get(name, "")).strip()[:60] for name in (*names, "gift_card_new")]
    return [text for text in typed if text][:MOST_CARDS]


def _fits(field: str, text: str) -> bool:
    try:
        msgspec.convert(text, _TYPES[field])
        if field == "postcode":
            read_postcode(text)
    except (msgspec.ValidationError, Unprocessable):
        return False
    return True
