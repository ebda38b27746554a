"""Many commands decided one after the other in memory, then written together.

The carts are locked, so what was read stays true until it is written.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import asyncpg
import msgspec

from app import commands as done_before
from app import live
from app.cart import queries, rules
from app.cart.models import (
    NO_EDITION,
    Add,
    Command,
    HandOver,
    Handover,
    LineKey,
    Merge,
    Move,
    Note,
    Origin,
    Outcome,
    Remove,
    Set,
    ShownLine,
    Split,
    State,
    Word,
)
from app.cart.queries import words
from app.cart.rules import Facts, Refused, Source
from app.commands import Done
from app.db import Connection
from app.money import Money

HANDOVERS: tuple[Handover, ...] = get_args(Handover)


class Standing(msgspec.Struct):
    """A cart as it stands while the batch goes on."""

    seen: int
    """The version it had before."""
    version: int
    items: int
    state: State
    coupons: list[str] = []
    note: str | None = None
    """None while nobody has written one in this batch."""
    line_notes: dict[UUID, str] = {}
    """By product, those of this batch."""
    shown: bool = False
    """Coupons have changed."""


class LineStanding(msgspec.Struct):
    quantity: int
    version: int
    printed_price: Money | None = None
    honoured_until: datetime | None = None
    added_from: Origin = "web"
    label: str | None = None
    measured_g: int | None = None
    measured_price: Money | None = None


class Batch:
    def __init__(
        self,
        carts: Iterable[tuple[UUID, int, int, State]],
        coupons: dict[UUID, list[str]] | None = None,
    ) -> None:
        """Each cart's id, version, items and state; `coupons` where some command is about them."""
        self.carts = {
            id: Standing(version, version, items, state, (coupons or {}).get(id, []))
            for id, version, items, state in carts
        }
        self._lines: dict[tuple[UUID, LineKey], LineStanding] = {}
        self._more: dict[tuple[UUID, UUID], int] = {}
        self._done: dict[tuple[UUID, UUID], Done] = {}
        self._steps: list[queries.Step] = []

    def carry_out(self, command: Command, rows: Sequence[asyncpg.Record]) -> Outcome:
        """What `command` does, or did: earlier, or earlier in this batch. One row for each line
        it may touch (`wishes_of`)."""
        earlier = self._done.get((command.cart_id, command.id))
        cart = self.carts[command.cart_id]
        mark = fingerprint(command)
        if earlier is not None or rows[0]["fingerprint"] is not None:
            before = earlier.fingerprint if earlier else rows[0]["fingerprint"]
            kept = earlier.outcome if earlier else rows[0]["outcome"]
            return _given_again(command, cart, kept if before == mark else None)
        outcome = self._decide(command, cart, rows)
        self._done[command.cart_id, command.id] = Done(command.cart_id, command.id, mark, outcome)
        return outcome

    async def write(self, db: Connection) -> set[UUID]:
        """Returns the carts that had moved meanwhile: nothing of theirs was written."""
        if not self._done:
            return set()
        changed = {done.scope: self.carts[done.scope] for done in self._done.values()}
        lines = [_kept(cart_id, key, line) for (cart_id, key), line in self._lines.items()]
        written = await queries.move(
            db,
            [
                queries.Moved(id, cart.state, cart.seen, cart.version, cart.items)
                for id, cart in changed.items()
            ],
            [line for line in lines if line.quantity],
            [line for line in lines if not line.quantity],
            self._steps,
            list(self._done.values()),
        )
        for id in written:
            cart = self.carts[id]
            if cart.shown:
                await words.write_coupons(db, id, cart.coupons)
            if cart.note is not None:
                await words.write_note(db, id, cart.note)
            for product_id, text in cart.line_notes.items():
                await words.write_line_note(db, id, product_id, text)
            if cart.version > cart.seen:
                live.tell_after_commit(db, f"cart:{id}", cart.version)
        return changed.keys() - written

    def _decide(self, command: Command, cart: Standing, rows: Sequence[asyncpg.Record]) -> Outcome:
        match command:
            case Add() | Set() | Remove():
                return self._count(command, cart, rows[0])
            case HandOver() | Split() | Merge():
                return self._move(command, cart, rows)
            case _:
                return self._say(command, cart, rows[0])

    def _count(self, command: Add | Set | Remove, cart: Standing, row: asyncpg.Record) -> Outcome:
        facts = self._facts(command, row)
        key = rules.key_of(command, facts)
        line = self._lines.get((command.cart_id, key)) or _line_of(command, facts, row)
        after = rules.quantity_after(
            command, facts, cart.state, cart.items, line.quantity, line.version
        )
        if isinstance(after, Refused):
            return _refused(command, cart, after)
        delta = after - line.quantity
        cart.version += 1
        cart.items += delta
        if facts.product_id:
            product = command.cart_id, facts.product_id
            self._more[product] = self._more.get(product, 0) + delta
        line.quantity = after
        step = self._step(command, cart, key, line, delta)
        return self._changed(command, cart, step, key, after, rules.price_of(command, facts))

    def _move(self, command: Move, cart: Standing, rows: Sequence[asyncpg.Record]) -> Outcome:
        """The first row is the line it goes to, the others are those it comes from."""
        keys = _keys_of(command)
        lines = [
            self._lines.get((command.cart_id, key)) or _standing(row)
            for key, row in zip(keys, rows, strict=True)
        ]
        to, sources = lines[0], lines[1:]
        moving = rules.moved(
            command, cart.state, to.quantity, [Source(one.quantity, one.version) for one in sources]
        )
        if isinstance(moving, Refused):
            return _refused(command, cart, moving)
        cart.version += 1
        steps = []
        for key, line in zip(keys[1:], sources, strict=True):
            taken = min(line.quantity, moving)
            if taken:
                if not to.quantity:
                    to = lines[0] = msgspec.structs.replace(line, quantity=0)
                line.quantity -= taken
                to.quantity += taken
                moving -= taken
                steps.append(self._step(command, cart, key, line, -taken))
        steps.append(self._step(command, cart, keys[0], to, -sum(step["delta"] for step in steps)))
        body = {"lines": steps, "count": cart.items}
        return self._changed(command, cart, body, keys[0], to.quantity, None)

    def _say(self, command: Word, cart: Standing, row: asyncpg.Record) -> Outcome:
        if isinstance(command, Note):
            if cart.state != "open":
                return _refused(command, cart, Refused("being-paid"))
            if command.line is not None:
                return self._note_line(command, cart, command.line, row)
            cart.note = command.text
            cart.version += 1
            return self._changed(command, cart, {"note": bool(command.text), "count": cart.items})
        coupons = rules.coupons_after(command, cart.state, cart.coupons)
        if isinstance(coupons, Refused):
            return _refused(command, cart, coupons)
        cart.coupons, cart.shown = coupons, True
        cart.version += 1
        return self._changed(command, cart, {"coupons": coupons, "count": cart.items})

    def _note_line(
        self, command: Note, cart: Standing, key: LineKey, row: asyncpg.Record
    ) -> Outcome:
        line = self._lines.get((command.cart_id, key)) or _standing(row)
        if not line.quantity:
            return _refused(command, cart, Refused("stale"))
        cart.line_notes = cart.line_notes | {key.product_id: command.text}
        cart.version += 1
        noted = f"{key.product_id}/{key.handover}/{key.edition_id}"
        body = {"noted": noted, "note": bool(command.text), "count": cart.items}
        return self._changed(command, cart, body, key, line.quantity)

    def _step(
        self, command: Command, cart: Standing, key: LineKey, line: LineStanding, delta: int
    ) -> dict[str, Any]:
        line.version = cart.version
        self._lines[command.cart_id, key] = line
        return {
            "line": f"{key.product_id}/{key.handover}/{key.edition_id}",
            "product_id": key.product_id,
            "handover": key.handover,
            "edition_id": key.edition_id,
            "quantity": line.quantity,
            "delta": delta,
            "count": cart.items,
        }

    def _changed(
        self,
        command: Command,
        cart: Standing,
        body: dict[str, Any],
        key: LineKey | None = None,
        quantity: int = 0,
        price: Money | None = None,
    ) -> Outcome:
        """Every command that is not refused gives its cart the next version, a no-change too."""
        self._steps.append(queries.Step(command.cart_id, cart.version, command.id, body))
        shown = None
        if key is not None:
            shown = ShownLine(
                product_id=key.product_id,
                handover=key.handover,
                edition_id=key.edition_id,
                quantity=quantity,
                price=price,
            )
        return Outcome(id=command.id, version=cart.version, count=cart.items, line=shown)

    def _facts(self, command: Command, row: asyncpg.Record) -> Facts:
        more = self._more.get((command.cart_id, row["product_id"]), 0) if row["most"] else 0
        return Facts(
            label_state=row["label_state"],
            printed_product=row["printed_product"],
            product_id=row["product_id"],
            on_sale=row["on_sale"],
            price=row["price"],
            printed_price=row["printed_price"],
            honoured_until=row["honoured_until"],
            edition_id=row["edition_id"],
            per_g=row["per_g"],
            most=row["most"],
            of_product=(row["of_product"] or 0) + more,
        )


def fingerprint(command: Command) -> bytes:
    """Of what was asked for, without the cart, which is the scope of the id."""
    asked = msgspec.to_builtins(command)
    del asked["cart_id"]
    if asked.get("measured", asked) is None:
        del asked["measured"]  # an addition is known by the same mark as before there were stickers
    if asked.get("line", asked) is None:
        del asked["line"]  # and a note as before lines had notes
    return done_before.fingerprint(asked)


def wishes_of(command: Command, token: bytes | None = None) -> list[queries.Wish]:
    """What the database is asked about a command: each line it may touch, in the cart that the
    token opens, if there is one."""
    match command:
        case Add(measured=measured):
            return [
                queries.Wish(
                    id=command.id,
                    handover=command.handover,
                    edition_id=measured.edition_id if measured else command.edition_id,
                    token=token,
                    cart_id=None if token else command.cart_id,
                    label=command.label,
                    gtin=command.gtin,
                    product_id=command.product_id,
                )
            ]
        case Set(line=line) | Remove(line=line):
            return [_wish(command, line, token)]
        case Note(line=LineKey() as line):
            return [_wish(command, line, token)]
        case HandOver() | Split() | Merge():
            return [_wish(command, line, token) for line in _keys_of(command)]
        case _:
            return [_wish(command, LineKey(NO_EDITION), token)]


def _keys_of(command: Move) -> list[LineKey]:
    """Where it goes first, then where it may come from."""
    if isinstance(command, Merge):
        product_id, edition_id, ways = command.product_id, command.edition_id, HANDOVERS
    else:
        product_id, edition_id = command.line.product_id, command.line.edition_id
        ways = (command.line.handover,)
    to = LineKey(product_id, command.handover, edition_id)
    return [to, *(LineKey(product_id, way, edition_id) for way in ways if way != command.handover)]


def _wish(command: Command, line: LineKey, token: bytes | None) -> queries.Wish:
    return queries.Wish(
        id=command.id,
        handover=line.handover,
        edition_id=line.edition_id,
        token=token,
        cart_id=None if token else command.cart_id,
        product_id=line.product_id,
    )


def _refused(command: Command, cart: Standing, refused: Refused) -> Outcome:
    return Outcome(
        id=command.id,
        version=cart.version,
        count=cart.items,
        refused=refused.because,
        differs=refused.differs,
    )


def _given_again(command: Command, cart: Standing, kept: Any) -> Outcome:
    if kept is None:
        return Outcome(
            id=command.id, version=cart.version, count=cart.items, refused="id-used-otherwise"
        )
    return kept if isinstance(kept, Outcome) else msgspec.convert(kept, Outcome)


def _line_of(command: Add | Set | Remove, facts: Facts, row: asyncpg.Record) -> LineStanding:
    """The line as it is; for one that is not there yet, as the command makes it."""
    if row["quantity"] is not None or not isinstance(command, Add):
        return _standing(row)
    promised, measured = facts.honoured_until is not None, command.measured
    return LineStanding(
        quantity=0,
        version=0,
        printed_price=facts.printed_price if promised else None,
        honoured_until=facts.honoured_until,
        added_from=command.added_from,
        label=command.label or None,
        measured_g=measured.value if measured and measured.kind == "g" else None,
        measured_price=measured.value if measured and measured.kind == "price" else None,
    )


def _standing(row: asyncpg.Record) -> LineStanding:
    return LineStanding(
        quantity=row["quantity"] or 0,
        version=row["line_version"] or 0,
        printed_price=row["line_printed_price"],
        honoured_until=row["line_honoured_until"],
        added_from=row["added_from"] or "web",
        label=row["label"],
        measured_g=row["measured_g"],
        measured_price=row["measured_price"],
    )


def _kept(cart_id: UUID, key: LineKey, line: LineStanding) -> queries.Kept:
    return queries.Kept(
        cart_id,
        key.product_id,
        key.handover,
        key.edition_id,
        line.quantity,
        line.version,
        line.added_from,
        line.printed_price,
        line.honoured_until,
        line.label,
        line.measured_g,
        line.measured_price,
    )
