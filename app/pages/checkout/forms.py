"""What a shopper writes in the checkout, kept as written until it can be sent."""

from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from app.checkout.models import Agreed, ToCollect, Wanted
from app.errors import Unprocessable
from app.slots.rules import read_postcode

WRITTEN = (
    "name", "email", "phone", "street", "house_number", "postcode", "city", "note", "substitution",
    "coupon",
)  # fmt: skip
WHERE_IT_IS_BROUGHT = {"street", "house_number", "postcode", "city"}
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
    "substitution": N_("Please choose what we should do."),
    "coupon": N_("This is no code of ours."),
}


def read(form: Mapping[str, Any]) -> tuple[Agreed | None, dict[str, str], dict[str, str]]:
    """What was agreed to, what was written, and what is wrong with which field (in English).

    Raises msgspec.ValidationError when a hidden field is not as our page made it.
    """
    collected = "collect" in form and "slot" not in form
    fields = [one for one in WRITTEN if not (collected and one in WHERE_IT_IS_BROUGHT)]
    written = {field: str(form.get(field, "")).strip() for field in fields}
    wished = wishes(form)
    shown = {f"wish-{id}": wish for id, wish in wished.items()}
    if "of_age" in form:
        shown["of_age"] = "true"
    wrong = {
        field: sentence
        for field, sentence in WHAT_IS_WRONG.items()
        if field in written and not _fits(field, written[field])
    }
    if wrong:
        return None, written | shown, wrong
    lists = {
        "gift_cards": gift_cards(form),
        "substitutions": wished,
        "of_age": "of_age" in form,
    }
    place = {"place": form.get("collect", ""), "ready_by": form.get("ready_by", "")}
    if collected:
        numbers = {field: str(form[field]) for field in NUMBERS if field in form}
        agreed = {**written, **numbers, **place, **lists}
        return msgspec.convert(agreed, ToCollect, strict=False), written | shown, {}
    hidden = {field: str(form.get(field, "")) for field in (*NUMBERS, "slot") if field in form}
    desk = {"collect": place} if "collect" in form else {}
    agreed = {**written, **hidden, **desk, **lists}
    return msgspec.convert(agreed, Wanted, strict=False), written | shown, {}


def wishes(form: Mapping[str, Any]) -> dict[str, str]:
    """What is wished for single products, by their ids."""
    return {
        name.removeprefix("wish-"): str(value)
        for name, value in form.items()
        if name.startswith("wish-") and value
    }


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
