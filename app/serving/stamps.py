"""A note beside the data, so that a second start does not do again what is done."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import app
from app import embedded
from app.settings import Settings

MIGRATIONS = Path(app.__file__).parent / "db" / "migrations"


def is_prepared(settings: Settings) -> bool:
    """Whether these very data were prepared with the same schema, at the same address."""
    try:
        return _note(settings).read_text() == _state_of(settings)
    except OSError:
        return False


def set_prepared(settings: Settings) -> None:
    _note(settings).write_text(_state_of(settings))


@contextmanager
def filling(settings: Settings) -> Iterator[None]:
    """While the demo goes into an empty shop. Cut off, the half that is there may be thrown away:
    nobody has ever been in that shop."""
    _unfinished(settings).touch()
    yield
    _unfinished(settings).unlink()


def was_cut_off(settings: Settings) -> bool:
    return _unfinished(settings).exists()


def _note(settings: Settings) -> Path:
    return embedded.data_folder(settings.home) / "perron.prepared"


def _unfinished(settings: Settings) -> Path:
    return embedded.data_folder(settings.home) / "perron.unfinished"


def _state_of(settings: Settings) -> str:
    schema = hashlib.sha256()
    for path in sorted(MIGRATIONS.glob("*.sql")):
        schema.update(path.read_bytes())
    return f"{schema.hexdigest()} {settings.base_url}"
