from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

Kind = Literal["damaged", "covered", "unreadable", "wrong"]
Token = Annotated[str, msgspec.Meta(min_length=7, max_length=7, pattern=r"\A[0-9A-Za-z]{7}\Z")]


class Report(msgspec.Struct):
    """Something is wrong with this code: damaged, pasted over, unreadable, or it opens something
    else than what is beside it."""

    id: UUID
    label: Token
    kind: Kind


class Reported(msgspec.Struct, frozen=True):
    """What is said about one code at a site, and where it hangs."""

    label: str
    site_code: str
    site_name: str
    panel: int
    shelf: int
    place: int
    product_id: UUID
    kinds: list[Kind]
    times: int
    first_at: datetime
    last_at: datetime
