"""What the verbs of the command can be told, in groups: of the wall, its typefaces, the press."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, get_args

import click
import msgspec

from qr_walls import press as presses
from qr_walls.errors import WallError
from qr_walls.model import Panel, PanelFormat, Wall
from qr_walls.press import Press
from qr_walls.typefaces import Typefaces
from qr_walls.words import Language

FILE = click.Path(path_type=Path, dir_okay=False)
EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)

_Verb = Callable[..., Any]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The wall as the command line says it."""

    address: str
    name: str
    edition: str
    size: str
    distance: float
    language: Language
    currency: str
    valid_until: datetime | None
    list_url: str
    phone: str
    seed: int | None
    created_at: datetime | None

    @property
    def at(self) -> datetime:
        return self.created_at.replace(tzinfo=UTC) if self.created_at else _NOW

    def wall(self, panels: tuple[Panel, ...], otherwise: str) -> Wall:
        """A wall without a name is called like its table."""
        return Wall(
            name=self.name or otherwise,
            base_url=self.address,
            language=self.language,
            currency=self.currency,
            distance_m=self.distance,
            valid_until=self.valid_until.date() if self.valid_until else None,
            edition=self.edition,
            list_url=self.list_url,
            phone=self.phone,
            panels=panels,
        )


# One moment for all files of one call.
_NOW = datetime.now(UTC).replace(microsecond=0)


class Fonts(msgspec.Struct, frozen=True):
    """Files, most preferred first."""

    regular: tuple[Path, ...]
    bold: tuple[Path, ...]

    def open(self) -> Typefaces:
        """Raises WallError where none was named. Without a bold face the regular one stands in."""
        if not self.regular:
            raise WallError(
                "A poster needs letters: say --font NotoSans-Regular.ttf --bold-font "
                "NotoSans-Bold.ttf, or whichever typefaces you have."
            )
        return Typefaces(self.regular, self.bold or self.regular)


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the print shop said; what it did not say is usual for the size."""

    marks: bool
    bleed: float | None
    safe: float | None
    icc: Path | None
    condition: str
    ink_spread: float
    scale: str | None
    job: str

    def press(self, format: PanelFormat) -> Press:
        usual = presses.usual(format)
        if not self.marks:
            usual = Press(scale=usual.scale)
        scale = usual.scale if self.scale is None else (10 if self.scale == "1:10" else 1)
        return Press(
            bleed_mm=usual.bleed_mm if self.bleed is None else self.bleed,
            safe_mm=usual.safe_mm if self.safe is None else self.safe,
            marks=self.marks,
            icc=self._profile(),
            condition=self.condition,
            ink_spread_um=self.ink_spread,
            scale=scale,
            job=self.job,
        )

    def _profile(self) -> bytes | None:
        if self.icc is None:
            return None
        with self.icc.open("rb") as file:
            return file.read(presses.LARGEST_PROFILE + 1)


language = click.option(
    "--language",
    type=click.Choice(get_args(Language)),
    default="nl",
    show_default=True,
    help="Of the poster, its tiles and its report.",
)


def said(language: str) -> Language:
    found: Language = msgspec.convert(language, Language)
    return found


def wall(verb: _Verb) -> _Verb:
    """Gives the verb ``asked``."""
    return _grouped(
        verb,
        "asked",
        Asked,
        click.option("--address", required=True, help="The shop's address: https://shop.example"),
        click.option("--name", default="", help="The wall's name, printed large."),
        click.option("--edition", default="", help="Tells one print from another."),
        click.option("--format", "size", default="A0", show_default=True, help="Poster size."),
        click.option(
            "--distance", default=0.6, show_default=True, help="Reading distance in metres."
        ),
        language,
        click.option("--currency", default="EUR", show_default=True),
        click.option(
            "--valid-until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the prices."
        ),
        click.option(
            "--list-url", default="", help="The wall as an accessible list; printed as a code."
        ),
        click.option("--phone", default="", help="Takes orders by product number; printed."),
        click.option("--seed", type=int, help="The same seed gives the same tokens."),
        click.option("--created-at", type=click.DateTime(), help="Written into the file; UTC."),
    )


def fonts(verb: _Verb) -> _Verb:
    """Gives the verb ``faces``."""
    return _grouped(
        verb,
        "faces",
        Fonts,
        click.option(
            "--font",
            "regular",
            type=EXISTING,
            multiple=True,
            help="Regular typeface (TTF, OTF); again for one that has other characters.",
        ),
        click.option("--bold-font", "bold", type=EXISTING, multiple=True, help="The same in bold."),
    )


def press(verb: _Verb) -> _Verb:
    """Gives the verb ``press``."""
    return _grouped(
        verb,
        "press",
        Wishes,
        click.option("--marks", is_flag=True, help="Bleed, crop marks and slug for a print shop."),
        click.option("--bleed", type=float, help="mm beyond the trim."),
        click.option("--safe", type=float, help="mm within the trim that a frame may cover."),
        click.option("--icc", type=EXISTING, help="The CMYK profile of the press."),
        click.option("--condition", default="", help="Its registered name, FOGRA51."),
        click.option("--ink-spread", default=0.0, help="µm by which ink grows on the paper."),
        click.option("--scale", type=click.Choice(["1:1", "1:10"]), help="Of the artwork."),
        click.option("--job", default="", help="The print shop's number."),
    )


def _grouped(
    verb: _Verb, name: str, group: type[msgspec.Struct], *options: Callable[[_Verb], _Verb]
) -> _Verb:
    """The verb with these options, which it gets as one."""
    fields: Sequence[str] = group.__struct_fields__

    @wraps(verb)
    def grouped(**given: Any) -> Any:
        mine = {field: given.pop(field) for field in fields}
        return verb(**given, **{name: group(**mine)})

    told: _Verb = grouped
    for option in reversed(options):
        told = option(told)
    return told
