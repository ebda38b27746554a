"""The two forms of the page of goods that came back, whichever desk shows it."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from app import returns, stock
from app.db import Connection
from app.staff import Person


class Moved(msgspec.Struct, kw_only=True):
    command: UUID
    product: UUID
    place: UUID
    state: stock.aside.State
    to: stock.aside.Goal
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]


class SentOn(msgspec.Struct, kw_only=True):
    command: UUID
    to: UUID


async def move(db: Connection, person: Person, form: Moved) -> None:
    await stock.aside.move(
        db, person, form.command, form.product, form.place, form.state, form.to, form.quantity
    )


async def send_on(db: Connection, person: Person, return_id: UUID, form: SentOn) -> None:
    await returns.send_on(db, person, form.command, return_id, form.to)
