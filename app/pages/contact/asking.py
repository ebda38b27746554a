"""What an agent writes."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.cart.models import NO_EDITION, Handover
from app.contact.models import FoundBy
from app.http.bounds import Line, Quantity

Reason = Annotated[str, Meta(min_length=3, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Code = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]+$")]
Step = Annotated[int, Meta(ge=-1, le=1)]


class Form(msgspec.Struct, kw_only=True):
    command: UUID
    at: Annotated[str, Meta(max_length=40)] = ""


class Search(Form, kw_only=True):
    reason: Reason
    number: Line = ""
    email: Line = ""
    phone: Line = ""
    postcode: Line = ""
    name: Line = ""


class Begun(Form, kw_only=True):
    order: UUID
    reason: Reason
    found_by: FoundBy = ""


class ForAReason(Form, kw_only=True):
    reason: Reason
    code: Annotated[str, Meta(max_length=20, pattern=r"^[0-9A-Za-z -]{0,20}$")] = ""


class Answered(Form, kw_only=True):
    substitute: UUID
    answer: Literal["yes", "no"]
    reason: Reason


class Said(Form, kw_only=True):
    email: Line = ""
    phone: Line = ""
    postcode: Line = ""
    house_number: Line = ""
    name: Line = ""


class Added(Form, kw_only=True):
    code: Code
    quantity: Quantity = 1
    handover: Literal["delivery", "collect"] = "delivery"


class OneMoreOrLess(Form, kw_only=True):
    product_id: UUID
    step: Step
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION


class Noted(Form, kw_only=True):
    text: Words
