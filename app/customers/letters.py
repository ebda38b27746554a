"""What the shop writes to somebody who wants to sign in."""

from functools import partial

from app.languages import Language, translate
from app.messaging.models import Letter


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def letter_with(address: str, language: Language) -> Letter:
    say = partial(translate, language)
    return Letter(
        subject=say(N_("Your link to sign in")),
        greeting=say(N_("Hello,")),
        paragraphs=[say(N_("With this link you are signed in and have your basket with you."))],
        button=say(N_("Sign in")),
        address=address,
        closing=[
            say(N_("It works once, within fifteen minutes.")),
            say(N_("If you did not ask for it, you need not do anything.")),
        ],
    )
