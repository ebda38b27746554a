"""Who works in the demo shop. Their passwords are random per home, shown at every start."""

import os
import secrets
from pathlib import Path

import msgspec

from app import staff
from app.db import Pool, begin
from app.staff.models import Role


class Login(msgspec.Struct, frozen=True):
    """`desk` is the one this person mostly works at."""

    desk: str
    name: str
    login: str
    password: str
    roles: list[Role]


PEOPLE: tuple[tuple[str, str, str, list[Role]], ...] = (
    ("Merchandiser", "Mila de Groot", "mila", ["merchandiser"]),
    ("Picking", "Pim Jansen", "pim", ["picker"]),
    ("Packing", "Paula Smit", "paula", ["packer"]),
    ("Driving", "Daan Bakker", "daan", ["driver"]),
    ("Dispatch", "Dilara Yılmaz", "dilara", ["dispatcher"]),
    ("State of the shop", "Olga Visser", "olga", ["operator"]),
    ("Till", "Kees de Wit", "kees", ["clerk"]),
    ("Till, supervisor", "Sara Mulder", "sara", ["clerk", "supervisor"]),
    ("Contact centre", "Ali Demir", "ali", ["agent"]),
)
WORDS = """
appel bakker brug citroen duif eiland fiets gracht halte iris kaas kade lente molen noot oever
peer perron roos spoor tulp trein vlinder water wolk zeil zomer zon
""".split()  # noqa: SIM905  # words read better as a sentence


async def hire(pool: Pool, home: Path) -> list[Login]:
    """Hires them with new passwords, and keeps these in the home, readable by its owner only."""
    logins = [Login(desk, name, login, _password(), roles) for desk, name, login, roles in PEOPLE]
    async with begin(pool) as db:
        for one in logins:
            await staff.hire(
                db, name=one.name, login=one.login, password=one.password, roles=one.roles
            )
    _keep(home, logins)
    return logins


def logins(home: Path) -> list[Login]:
    """The demo logins of this home, none where the demo was never filled."""
    kept = home / "demo-logins.json"
    return msgspec.json.decode(kept.read_bytes(), type=list[Login]) if kept.exists() else []


def _password() -> str:
    """Four words and a number: random, and possible to type on a phone."""
    return "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"


def _keep(home: Path, logins: list[Login]) -> None:
    path = home / "demo-logins.json"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(logins))
