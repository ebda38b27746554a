"""How long and how large anything may be that somebody sends us.

Every field of a Struct that is decoded from a request, and every parameter, has one of these
types or is a UUID, a bool, a date or an enumeration. PostgreSQL stores no U+0000 and an unbounded
number does not fit its column: both would be our fault, not theirs.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta

NO_CONTROLS = r"^(?![\s\S]*[\x00-\x1f\x7f])"
NO_CONTROLS_BUT_LINES = r"^(?![\s\S]*[\x00-\x08\x0b\x0c\x0e-\x1f\x7f])"

Line: TypeAlias = Annotated[
    str, Meta(max_length=200, pattern=NO_CONTROLS, examples=["Second floor, blue door"])
]
"""One line of text."""

Name: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=NO_CONTROLS, examples=["Kim de Vries"])
]
"""Of a person, a street, a thing; not empty."""

Text: TypeAlias = Annotated[
    str, Meta(max_length=2000, pattern=NO_CONTROLS_BUT_LINES, examples=["Please ring twice."])
]
"""Some lines, e.g. a remark for the driver."""

Search: TypeAlias = Annotated[str, Meta(max_length=100, pattern=NO_CONTROLS, examples=["milk"])]

Word: TypeAlias = Annotated[
    str, Meta(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["7K3M9QX"])
]
"""A code, a kind, a token: ASCII only, so that it has one spelling."""

Email: TypeAlias = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=254,
        pattern=r"^[^\s@\x00-\x1f\x7f,;:<>()\[\]\"\\]+@[^\s@\x00-\x1f\x7f,;:<>()\[\]\"\\]+$",
        examples=["kim@example.org"],
    ),
]
"""One address: what the header of a mail would read as two, or as a name beside another, is none."""
Phone: TypeAlias = Annotated[
    str, Meta(max_length=30, pattern=r"^[0-9+() .\-]{0,30}$", examples=["+31 30 123 45 67"])
]
Postcode: TypeAlias = Annotated[
    str, Meta(max_length=12, pattern=r"^[A-Za-z0-9 \-]{0,12}$", examples=["3511 AB"])
]
Gtin: TypeAlias = Annotated[
    str, Meta(max_length=14, pattern=r"^[0-9]{8,14}$", examples=["09521234543213"])
]

Quantity: TypeAlias = Annotated[int, Meta(ge=1, le=99)]
"""Of one product in one command."""

QuantityOrNone: TypeAlias = Annotated[int, Meta(ge=0, le=99)]
"""An absolute quantity; 0 takes the line away."""

Amount: TypeAlias = Annotated[int, Meta(ge=0, le=10_000_000_000)]
"""Money, in the smallest unit of its currency."""

Version: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
Number: TypeAlias = Annotated[int, Meta(ge=0, le=2**31 - 1)]
