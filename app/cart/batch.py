"""Many commands decided one after the other in memory, then written together.

The carts are locked, so what was read stays true until it is written.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app import commands as done_before
from app import live
from app.cart import queries, rules
from app.cart.models import (
    Add,
    Command,
    LineKey,
    Origin,
    Outcome,
    Remove,
    Set,
    ShownLine,
    State,
)
from app.cart.rules import Facts, Refused
from app.commands import Done
from app.db import Connection
from app.money import Money


class Standing(msgspec.Struct):
    """A cart as it stands while the batch goes on."""

    version: int
    items: int
    state: State


class LineStanding(msgspec.Struct):
    quantity: int
    version: int
    printed_price: Money | None
    honoured_until: datetime | None
    added_from: Origin
    label: str | None


class Batch:
    def __init__(self, carts: Sequence[asyncpg.Record]) -> None:
        self.carts = {
            cart["id"]: Standing(cart["version"], cart["items"], cart["state"]) for cart in carts
        }
        self._lines: dict[tuple[UUID, LineKey], LineStanding] = {}
        self._done: dict[tuple[UUID, UUID], Done] = {}
        self._changes: list[tuple[UUID, int, UUID, dict[str, Any]]] = []

    def carry_out(self, command: Command, row: asyncpg.Record) -> Outcome:
        """What `command` does, or did: earlier, or earlier in this batch."""
        earlier = self._done.get((command.cart_id, command.id))
        cart = self.carts[command.cart_id]
        mark = fingerprint(command)
        if earlier is not None or row["fingerprint"] is not None:
            before = earlier.fingerprint if earlier else row["fingerprint"]
            kept = earlier.outcome if earlier else row["outcome"]
            return _given_again(command, cart, kept if before == mark else None)
        outcome = self._decide(command, cart, row)
        self._done[command.cart_id, command.id] = Done(command.cart_id, command.id, mark, outcome)
        return outcome

    async def write(self, db: Connection) -> None:
        if self._done:
            await done_before.record_many(db, list(self._done.values()))
        if not self._changes:
            return
        changed = {cart_id: self.carts[cart_id] for cart_id, *_ in self._changes}
        await queries.move(
            db,
            [(id, cart.version, cart.items) for id, cart in changed.items()],
            [_kept(*line) for line in self._lines.items() if line[1].quantity],
            [_gone(*where) for where, line in self._lines.items() if not line.quantity],
            self._changes,
        )
        for id, cart in changed.items():
            live.tell_after_commit(db, f"cart:{id}", cart.version)

    def _decide(self, command: Command, cart: Standing, row: asyncpg.Record) -> Outcome:
        facts = Facts(
            label_state=row["label_state"],
            printed_product=row["printed_product"],
            product_id=row["product_id"],
            on_sale=row["on_sale"],
            price=row["price"],
            printed_price=row["printed_price"],
            honoured_until=row["honoured_until"],
            edition_id=row["edition_id"],
        )
        key = rules.key_of(command, facts)
        line = self._lines.get((command.cart_id, key)) or _line_of(command, facts, row)
        after = rules.quantity_after(
            command, facts, cart.state, cart.items, line.quantity, line.version
        )
        if isinstance(after, Refused):
            return Outcome(
                id=command.id,
                version=cart.version,
                count=cart.items,
                refused=after.because,
                differs=after.differs,
            )
        return self._change(command, cart, key, line, after, rules.price_of(command, facts))

    def _change(
        self,
        command: Command,
        cart: Standing,
        key: LineKey,
        line: LineStanding,
        after: int,
        price: Money | None,
    ) -> Outcome:
        """Every command that is not refused gives its cart the next version, a no-change too."""
        delta = after - line.quantity
        cart.version += 1
        cart.items += delta
        line.quantity, line.version = after, cart.version
        self._lines[command.cart_id, key] = line
        shown = ShownLine(
            product_id=key.product_id,
            handover=key.handover,
            edition_id=key.edition_id,
            quantity=after,
            price=price,
        )
        body = {
            "line": f"{key.product_id}/{key.handover}/{key.edition_id}",
            "product_id": key.product_id,
            "handover": key.handover,
            "edition_id": key.edition_id,
            "quantity": after,
            "delta": delta,
            "count": cart.items,
        }
        self._changes.append((command.cart_id, cart.version, command.id, body))
        return Outcome(id=command.id, version=cart.version, count=cart.items, line=shown)


def fingerprint(command: Command) -> bytes:
    """Of what was asked for, without the cart, which is the scope of the id."""
    asked = msgspec.to_builtins(command)
    del asked["cart_id"]
    return done_before.fingerprint(asked)


def wish_of(command: Command) -> queries.Wish:
    match command:
        case Add():
            return (
                command.cart_id,
                command.id,
                command.label,
                command.gtin,
                command.product_id,
                command.handover,
                command.edition_id,
            )
        case Set(line=line) | Remove(line=line):
            return (
                command.cart_id,
                command.id,
                "",
                "",
                line.product_id,
                line.handover,
                line.edition_id,
            )


def _given_again(command: Command, cart: Standing, kept: Any) -> Outcome:
    if kept is None:
        return Outcome(
            id=command.id, version=cart.version, count=cart.items, refused="id-used-otherwise"
        )
    return kept if isinstance(kept, Outcome) else msgspec.convert(kept, Outcome)


def _line_of(command: Command, facts: Facts, row: asyncpg.Record) -> LineStanding:
    promised = facts.honoured_until is not None
    return LineStanding(
        quantity=row["quantity"] or 0,
        version=row["line_version"] or 0,
        printed_price=facts.printed_price if promised else None,
        honoured_until=facts.honoured_until,
        added_from=command.added_from if isinstance(command, Add) else "web",
        label=(command.label or None) if isinstance(command, Add) else None,
    )


def _kept(where: tuple[UUID, LineKey], line: LineStanding) -> queries.Kept:
    cart_id, key = where
    return (
        cart_id,
        key.product_id,
        key.handover,
        key.edition_id,
        line.quantity,
        line.version,
        line.printed_price,
        line.honoured_until,
        line.added_from,
        line.label,
    )


def _gone(cart_id: UUID, key: LineKey) -> tuple[UUID, UUID, Any, UUID]:
    return cart_id, key.product_id, key.handover, key.edition_id
