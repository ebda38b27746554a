"""The name of one printed label: seven characters of Crockford's base 32.

35 bits are enough to make guessing a label of a shop with a million of them a matter of tens of
thousands of tries, and nothing is lost when someone does: a token is public, it hangs on a wall.
The alphabet has no I, L, O and U, so that a person can type it from a poster.
"""

from random import Random, SystemRandom

from qr_walls.errors import BadToken

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 7

_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new(random: Random | None = None) -> str:
    """A fresh token; pass a seeded ``random`` only where the same poster must come out twice."""
    return "".join((random or SystemRandom()).choices(ALPHABET, k=LENGTH))


def read(text: str) -> str:
    """The token a person meant: any case, O for 0, I and L for 1. Raises ``BadToken``."""
    token = text.strip().upper().translate(_LOOK_ALIKES)
    if len(token) != LENGTH or not all(character in ALPHABET for character in token):
        raise BadToken(
            "“{text}” is not the code of a label: that has {length} letters and digits.",
            text=text[:40],
            length=LENGTH,
        )
    return token
