"""What each choice on the test payment page does: the events, and when each is told."""

import hmac
from datetime import timedelta

import msgspec

from app.payments.testpay.models import Choice

NOW, LATE = timedelta(0), timedelta(seconds=30)


class Happens(msgspec.Struct, frozen=True):
    """`told` holds one delay per notification: none for an event nobody hears of."""

    kind: str
    told: tuple[timedelta, ...] = (NOW,)
    short_by: int = 0


def what_happens(choice: Choice) -> list[Happens]:
    match choice:
        case "pay" | "transfer" | "secure":
            return [Happens("pending"), Happens("captured")]
        case "late":
            return [Happens("captured", (LATE,))]
        case "twice":
            return [Happens("captured", (NOW, NOW))]
        case "shuffled":
            return [Happens("pending", (timedelta(seconds=2),)), Happens("captured")]
        case "never" | "timeout":
            return [Happens("captured", ())]
        case "less":
            return [Happens("captured", short_by=100)]
        case "cancel":
            return [Happens("failed")]
        case "decline" | "refuse":
            return []


def held_first(choice: Choice, happenings: list[Happens]) -> list[Happens]:
    """The same with money that is only held for now. A transfer cannot be held: it has been made."""
    if choice == "transfer":
        return happenings
    return [
        msgspec.structs.replace(one, kind="authorised") if one.kind == "captured" else one
        for one in happenings
    ]


def secrets_of(shop_secret: str) -> tuple[str, str]:
    """Two live secrets, the newer first: one can replace the other without a gap."""
    return _derived(shop_secret, 2), _derived(shop_secret, 1)


def _derived(shop_secret: str, edition: int) -> str:
    text = f"test payment notifications {edition}"
    return hmac.digest(shop_secret.encode(), text.encode(), "sha256").hex()
