"""Who does what follows. Filled once at start by `app/consequences.py`."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import msgspec

from app.db import Connection, Pool
from app.jobs.models import Event, Task

InTransaction: TypeAlias = Callable[[Connection, Event], Awaitable[None]]
Outside: TypeAlias = Callable[[Pool, Event], Awaitable[None]]
Step: TypeAlias = Callable[[Pool, Task], Awaitable[object]]
Sweep: TypeAlias = Callable[[Pool], Awaitable[None]]


class Register(msgspec.Struct):
    consumers: dict[str, list[str]] = {}
    """Kind of event → names of its consumers."""
    inside: dict[str, InTransaction] = {}
    """Consumers whose effect is rows only: exactly once, with the mark that it was delivered."""
    outside: dict[str, Outside] = {}
    """Consumers that talk to somebody else: at least once, so that they must bear a repeat."""
    steps: dict[str, Step] = {}
    sweeps: dict[str, tuple[timedelta, Sweep]] = {}

    def when(self, kind: str, consumer: str, act: InTransaction) -> None:
        self._note(kind, consumer)
        self.inside[consumer] = act

    def when_outside(self, kind: str, consumer: str, act: Outside) -> None:
        self._note(kind, consumer)
        self.outside[consumer] = act

    def step(self, kind: str, act: Step) -> None:
        self.steps[kind] = act

    def every(self, interval: timedelta, name: str, sweep: Sweep) -> None:
        self.sweeps[name] = (interval, sweep)

    def _note(self, kind: str, consumer: str) -> None:
        """Once, also when a second shop is opened in the same process."""
        consumers = self.consumers.setdefault(kind, [])
        if consumer not in consumers:
            consumers.append(consumer)


registered = Register()
