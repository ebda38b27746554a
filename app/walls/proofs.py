"""What the design check of a finished file found, and whether stickers fit what they go over."""

from collections.abc import Iterator, Mapping, Sequence

from app.languages import Language
from app.walls.models import Fault, Light, Note, Proof
from qr_walls import layout, proof, sentences
from qr_walls.apart import Drawn
from qr_walls.errors import WallError

SAME_MM = 0.5
"""A sticker that differs less from the label below still covers it."""


def proof_of(drawn: Drawn, sheet: str) -> Proof:
    """`sheet` names the file that shows it on one page."""
    return Proof(
        codes=drawn.proof.codes,
        reach_mm=int(drawn.reach_m * 1000),
        failures=[
            Fault(one.fault, one.place.page + 1, one.place.product, one.sentence)
            for one in drawn.proof.failures
        ],
        notes=list(drawn.notes),
        sheet=sheet,
        advice=[Note(one.sentence, one.message, dict(one.values)) for one in drawn.proof.advice],
    )


def in_words(proof: Proof, language: Language) -> list[str]:
    """What should be known before printing."""
    return [
        sentences.say(language, note.message, note.values) if note.message else note.sentence
        for note in proof.advice
    ]


def lights_of(drawn: Drawn) -> list[Light]:
    """One for every code that belongs on the file, also for those that were not found on it; in
    walking order."""
    seen = {_at(light.place): light for light in drawn.proof.lights}
    faults: dict[_At, list[str]] = {}
    for failure in drawn.proof.failures:
        faults.setdefault(_at(failure.place), []).append(failure.fault)
    lights = (
        _light(place, seen.get(_at(place)), faults.get(_at(place), [])) for place in drawn.places
    )
    return sorted(lights, key=lambda light: light.spot)


def check_covers(stickers: Sequence[Light], below: Mapping[tuple[int, int, int], Light]) -> None:
    """Stickers as large as the labels they go over, where it is known how large these were drawn.

    A later version of this program may lay posters out otherwise than it did when they were
    printed. Raises WallError.
    """
    for sticker in stickers:
        label = below.get(sticker.spot)
        if label is not None and any(
            abs(one - other) > SAME_MM
            for one, other in zip(_size(sticker), _size(label), strict=True)
        ):
            raise WallError(
                "Stickers would not cover the labels that hang: posters are laid out otherwise by "
                "now. Print the whole wall instead."
            )


_At = tuple[int, str]


def _at(place: proof.Place) -> _At:
    return place.page, place.name


def _by_everybody(place: proof.Place) -> bool:
    """Whether a sign of the list hangs where people reach it from a wheelchair, too."""
    height = place.above_floor_mm
    lowest, highest = layout.LIST_LOWEST_MM, layout.LIST_HIGHEST_MM
    return not place.repeats or height is None or lowest <= height <= highest


def _size(light: Light) -> Iterator[float]:
    yield light.label_mm
    yield light.code_mm


def _light(place: proof.Place, seen: proof.Light | None, faults: list[str]) -> Light:
    # '2 · 3 · 7' is a label, '2' the sign of the list on that panel.
    panel, shelf, number = (*(int(part) for part in place.name.split(" · ")), 0, 0)[:3]
    return Light(
        page=place.page + 1,
        panel=panel,
        shelf=shelf,
        place=number,
        label_mm=round(place.label.width, 2) if place.label else 0.0,
        code_mm=round(place.box.width, 2),
        faults=faults,
        read=seen.read if seen else (False, False),
        quiet=seen is not None and seen.quiet,
        contrast=seen.contrast if seen else 0.0,
        reach_mm=int(seen.reach_m * 1000) if seen else 0,
        reach_720_mm=int(seen.reach_720_m * 1000) if seen else 0,
        above_floor_mm=None if place.above_floor_mm is None else round(place.above_floor_mm),
        within_reach=(seen is None or seen.within_reach) and _by_everybody(place),
        safe=seen is None or seen.safe,
    )
