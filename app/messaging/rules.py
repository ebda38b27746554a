"""How a letter looks: as plain text, and as HTML that every mail program shows."""

from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.languages import Language
from app.messaging.models import Letter

MAILS = UUID("6d61696c-7065-7272-6f6e-000000000001")


def id_of(aggregate: UUID, number: int, kind: str) -> UUID:
    """One mail of a kind for one event, however often the event is heard."""
    return uuid5(MAILS, f"{aggregate}/{number}/{kind}")


def as_text(letter: Letter) -> str:
    rows = [f"{row.what}  {row.amount}" for row in letter.rows]
    parts = [
        letter.greeting,
        *letter.paragraphs,
        f"{letter.button}:\n{letter.address}",
        *(["\n".join(rows)] if rows else []),
        *letter.closing,
    ]
    return "\n\n".join(parts) + "\n"


def as_html(letter: Letter, language: Language) -> str:
    return _environment().get_template("letter.html").render(letter=letter, language=language)


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent
    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
