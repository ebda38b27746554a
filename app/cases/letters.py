"""Warm letters about what went wrong, in the language the order was placed in."""

from functools import partial

from app.errors import NotFound
from app.languages import translate
from app.messaging.models import Letter
from app.orders.models import Order


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


LETTERS: dict[str, tuple[str, str]] = {
    "sorry": (
        N_("We are sorry about your order"),
        N_("This should not have happened. What it cost is paid back to you the way you paid."),
    ),
    "tell-more": (
        N_("Can you tell us more?"),
        N_("We want to put this right. Please answer this mail, with a photo if you have one."),
    ),
    "not-this-time": (
        N_("About your order"),
        N_("We looked at it with care and cannot pay it back. Call us if you see it otherwise."),
    ),
    "thank-you": (
        N_("Thank you for telling us"),
        N_("Because of you we do this better from today on. Thank you."),
    ),
}


def letter(template: str, order: Order, address: str) -> Letter:
    """Raises NotFound."""
    if template not in LETTERS:
        raise NotFound("There is no such letter.")
    say = partial(translate, order.language)
    subject, words = LETTERS[template]
    return _letter(order, say(subject), [say(words)], address)


def thanks(order: Order, learned: str, address: str) -> Letter:
    """What we do better from today on, in the words of whoever closed the case."""
    say = partial(translate, order.language)
    paragraphs = [
        say(N_("Something was wrong with your order, and you told us. We learned from it:")),
        f"“{learned}”",
        say(N_("Because of you we do this better from today on. Thank you.")),
    ]
    return _letter(order, say(N_("Thank you for telling us")), paragraphs, address)


def _letter(order: Order, subject: str, paragraphs: list[str], address: str) -> Letter:
    say = partial(translate, order.language)
    return Letter(
        subject=subject,
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=paragraphs,
        button=say(N_("Look at your order")),
        address=address,
        closing=[say(N_("Order number {number}"), number=order.number)],
    )
