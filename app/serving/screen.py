"""What the terminal shows when the shop is open: where to go, as whom, and a code for the phone."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.settings import Settings
from qr_walls.symbols import encode_many

DESKS = {
    "Shop": "/",
    "Web shop": "/shop",
    "Merchandiser": "/merchandiser",
    "Picking": "/picking",
    "Packing": "/packing",
    "Driving": "/driving",
    "Dispatch": "/dispatch",
    "Till": "/till",
    "Till, supervisor": "/till",
    "Contact centre": "/contact",
    "State of the shop": "/state",
    "Mails": "/outbox",
}
QUIET = 2
"""Rows and columns of light around the code; four are the rule, two do on a screen."""
HALVES = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
PAPER = ("\x1b[38;5;231;48;5;16m", "\x1b[0m")
"""Light blocks on a dark ground, whatever colours the terminal has."""


class Login(msgspec.Struct):
    """Who may sign in at a desk of the demo."""

    desk: str
    login: str
    password: str


def keep_logins(settings: Settings, logins: Sequence[Login]) -> None:
    """The passwords of a demo are random and shown at every start, so they are kept."""
    path = settings.home / "logins.json"
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(logins)))


def show(settings: Settings) -> None:
    print(text(settings), flush=True)


def text(settings: Settings) -> str:
    logins = {login.desk: login for login in _kept_logins(settings)}
    lines = ["", "  Perron is open.", ""]
    for desk, path in DESKS.items():
        line = f"  {desk:<18} {settings.base_url}{path}"
        if login := logins.get(desk):
            line = f"{line:<60}  {login.login} / {login.password}"
        lines.append(line)
    if settings.env == "demo":
        lines += ["", f"  {'Posters':<18} {settings.home / 'posters'}"]
        lines += [f"  {'Logs':<18} {settings.home}/web.log, worker.log"]
        lines += ["", *_code(settings.base_url)]
    lines += ["", "  Ctrl-C closes the shop; everything in it is kept.", ""]
    return "\n".join(lines)


def _kept_logins(settings: Settings) -> list[Login]:
    path = Path(settings.home, "logins.json")
    return msgspec.json.decode(path.read_bytes(), type=list[Login]) if path.exists() else []


def _code(address: str) -> list[str]:
    """Two rows of modules to a line; nothing on a terminal that cannot show half blocks."""
    if "utf" not in (sys.stdout.encoding or "").lower():
        return []
    [symbol] = encode_many([address])
    rows = [[False] * QUIET + list(row) + [False] * QUIET for row in symbol.rows]
    empty = [False] * len(rows[0])
    rows = [empty] * QUIET + rows + [empty] * (QUIET + len(rows) % 2)
    before, after = PAPER if sys.stdout.isatty() else ("", "")
    return [
        "  " + before + "".join(HALVES[pair] for pair in zip(above, below, strict=True)) + after
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    ]
