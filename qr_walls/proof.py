"""The design check: is every code on the finished PDF where it belongs, free, and readable?

The file is painted by an independent rasteriser and every code read by two independent readers, at
no more pixels per module than a phone has. It is a check of the design, never a grade of a print.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from qr_walls import distance, reading
from qr_walls.grids import HIGHEST_MM, LOWEST_MM, Box
from qr_walls.model import QUIET_ZONE
from qr_walls.sentences import Note, Values, note

if TYPE_CHECKING:
    import pypdfium2

    from qr_walls.pdf import Progress

Length = Annotated[float, msgspec.Meta(ge=0.01, le=100_000)]  # no press draws what is smaller
LEAST_CONTRAST = 0.7  # of what paper and ink can give


class Place(msgspec.Struct, frozen=True):
    """Where a code must be, and what it must say. Lengths at the size at which the wall hangs."""

    page: Annotated[int, msgspec.Meta(ge=0)]  # counted from 0
    x: float  # mm from the corner of the trimmed poster, of the symbol itself
    y: float
    side: Length  # mm, without the quiet zone
    module_mm: Length
    text: str
    product: str  # its name, for a sentence a person understands
    label: Box | None = None  # the ticket the code stands on
    above_floor_mm: float | None = None  # the middle of the code
    name: str = ""  # '2 · 3 · 7': panel, shelf and position
    repeats: bool = False  # it says the same on several panels: the code of the wall's list

    @property
    def box(self) -> Box:
        """With its quiet zone."""
        quiet = QUIET_ZONE * self.module_mm
        return Box(self.x - quiet, self.y - quiet, self.side + 2 * quiet, self.side + 2 * quiet)


Fault = Literal["unreadable", "wrong", "crowded", "pale", "twice", "outside"]


class Failure(msgspec.Struct, frozen=True):
    """One code that must not be printed."""

    place: Place
    fault: Fault
    sentence: str


class Advice(msgspec.Struct, frozen=True):
    """What a merchandiser should know before ordering; it forbids nothing."""

    kind: Literal["edge", "reach", "plan"]
    sentence: str  # in English
    message: str = ""  # the same before it was filled, to be said in another language
    values: Values = {}


class Light(msgspec.Struct, frozen=True):
    """What was found out about one code."""

    place: Place
    read: tuple[bool, bool]  # by ZXing, by ZBar's reader
    quiet: bool  # four modules around it are blank
    contrast: float  # 0 to 1
    reach_m: float  # from which a phone with 1080 lines reads it
    reach_720_m: float  # and one with 720
    within_reach: bool  # an arm reaches it, 0.4 to 1.8 m above the floor
    safe: bool  # it keeps away from the trim


class Proof(msgspec.Struct, frozen=True):
    """What was checked and what was found; ``failures`` is empty when the poster may be printed."""

    codes: int
    failures: tuple[Failure, ...]
    lights: tuple[Light, ...] = ()
    advice: tuple[Advice, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures


def advise(kind: Literal["edge", "reach", "plan"], said: Note) -> Advice:
    """What was noted, as advice."""
    return Advice(kind, str(said), said.message, said.values)


def check(
    pdf: bytes,
    places: Sequence[Place],
    progress: "Progress | None" = None,
    *,
    safe_mm: float = 0,
    scale: float = 1,
) -> Proof:
    """Paint the finished file and read every code on it.

    ``progress`` is told how many codes of how many are read. ``safe_mm`` is how far codes should
    keep away from the trim; ``scale`` how many mm of the wall are one of the file. Raises
    ``WallError`` for what is no PDF.
    """
    failures = list(_twice(places))
    lights: list[Light] = []
    with reading.opened(pdf) as document:
        for number in sorted({place.page for place in places}):
            here = [place for place in places if place.page == number]
            if number >= len(document):
                failures += [_failure(place, "outside") for place in here]
                continue
            page = document[number]
            safe = _safe(page, safe_mm, scale)
            beyond = [place for place in here if reading.outside(page, place, scale)]
            failures += [_failure(place, "outside") for place in beyond]
            for seen in reading.read(page, [one for one in here if one not in beyond], scale):
                failures += _faults(seen)
                lights.append(_light(seen, safe))
                if progress:
                    progress(len(lights), len(places))
    return Proof(len(places), tuple(failures), tuple(lights), tuple(_advice(lights, safe_mm)))


def _safe(page: "pypdfium2.PdfPage", safe_mm: float, scale: float) -> Box:
    left, bottom, right, top = page.get_trimbox()
    mm = reading.POINTS_PER_MM / scale
    return Box(0, 0, (right - left) / mm, (top - bottom) / mm).inset(safe_mm)


def _faults(seen: reading.Seen) -> Iterator[Failure]:
    if not seen.quiet:
        yield _failure(seen.place, "crowded")
    if not all(seen.texts):
        yield _failure(seen.place, "unreadable")
    elif any(text != {seen.place.text} for text in seen.texts):
        yield _failure(seen.place, "wrong")
    elif seen.quiet and seen.contrast < LEAST_CONTRAST:
        yield _failure(seen.place, "pale")


def _light(seen: reading.Seen, safe: Box) -> Light:
    place, box = seen.place, seen.place.box
    first, second = (text == {place.text} for text in seen.texts)
    height = place.above_floor_mm
    return Light(
        place=place,
        read=(first, second),
        quiet=seen.quiet,
        contrast=round(seen.contrast, 3),
        reach_m=round(distance.reach_m(place.module_mm), 3),
        reach_720_m=round(distance.reach_m(place.module_mm) * distance.SHARE_OF_720_LINES, 3),
        within_reach=height is None or LOWEST_MM <= height <= HIGHEST_MM,
        safe=box.x >= safe.x - 0.01
        and box.y >= safe.y - 0.01
        and box.right <= safe.right + 0.01
        and box.bottom <= safe.bottom + 0.01,
    )


def _advice(lights: Sequence[Light], safe_mm: float) -> Iterator[Advice]:
    near = sum(not light.safe for light in lights)
    if near:
        yield advise(
            "edge",
            note(
                "{near} of {codes} codes stand within {safe:g} mm of the edge, where a frame may "
                "cover them.",
                near=near,
                codes=len(lights),
                safe=safe_mm,
            ),
        )
    away = sum(not light.within_reach for light in lights)
    if away:
        yield advise(
            "reach",
            note(
                "{away} of {codes} codes hang outside arm's reach (0.4 to 1.8 m above the floor).",
                away=away,
                codes=len(lights),
            ),
        )


def _twice(places: Sequence[Place]) -> Iterator[Failure]:
    seen = Counter(place.text for place in places)
    for place in places:
        if seen[place.text] > 1 and not place.repeats:
            yield _failure(place, "twice")


SENTENCES: dict[Fault, str] = {
    "unreadable": "The code of “{product}” on panel {panel} cannot be read.",
    "wrong": "The code of “{product}” on panel {panel} says something else.",
    "crowded": "Something is printed in the quiet zone around the code of “{product}” "
    "on panel {panel}.",
    "pale": "The code of “{product}” on panel {panel} is too pale to be read everywhere.",
    "twice": "The code of “{product}” on panel {panel} is on this wall twice.",
    "outside": "The code of “{product}” on panel {panel} lies outside the poster.",
}


def _failure(place: Place, fault: Fault) -> Failure:
    sentence = SENTENCES[fault].format(product=place.product, panel=place.page + 1)
    return Failure(place, fault, sentence)
