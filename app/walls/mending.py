"""A wall as it hangs, with the stickers of a patch in their places: each is drawn as its cell on
the poster is, so it covers what hangs there."""

from collections.abc import Sequence

import msgspec

from app.walls.models import Edition, Light, Poster, PrintedLabel, PrintedPanel, Under

Spot = tuple[int, int, int]


def mended(
    stickers: Sequence[PrintedLabel], posters: Sequence[Poster], under: Sequence[Under]
) -> list[PrintedPanel]:
    """The panels that hang, with these stickers on them.

    `posters` are the prints under them, the oldest first: while a new one is being hung, some
    panels of the one before still hang.
    """
    panels: dict[int, PrintedPanel] = {}
    for poster in posters:
        panels |= dict(enumerate(poster.plan, 1))
    for number, poster in _hanging(posters, under).items():
        panels[number] = poster.plan[number - 1]
    for sticker in stickers:
        panels[sticker.panel] = _with(panels[sticker.panel], sticker)
    return [panel for _, panel in sorted(panels.items())]


def as_printed(edition: Edition, posters: Sequence[Poster]) -> Edition:
    """The patch with what decided where things stand on the newest poster under it."""
    newest = posters[-1]
    return msgspec.structs.replace(
        edition,
        list_url=newest.list_url,
        reading_distance_mm=newest.reading_distance_mm or edition.reading_distance_mm,
    )


def drawn_below(posters: Sequence[Poster], under: Sequence[Under]) -> dict[Spot, Light]:
    """What is known of how large each label was drawn, on the panels that hang."""
    return {
        light.spot: light
        for number, poster in _hanging(posters, under).items()
        for light in poster.lights
        if light.panel == number
    }


def spots(stickers: Sequence[PrintedLabel]) -> tuple[Spot, ...]:
    return tuple((one.panel, one.shelf, one.place) for one in stickers)


def flagged(under: Sequence[Under]) -> tuple[Spot, ...]:
    """Where an offer's flag shows above what a sticker goes over."""
    return tuple(dict.fromkeys(one.spot for one in under if one.flagged))


def _hanging(posters: Sequence[Poster], under: Sequence[Under]) -> dict[int, Poster]:
    """The print of which each panel hangs that gets stickers."""
    by_id = {poster.id: poster for poster in posters}
    return {one.panel: by_id[one.edition_id] for one in under if one.edition_id in by_id}


def _with(panel: PrintedPanel, sticker: PrintedLabel) -> PrintedPanel:
    shelves = [list(shelf) for shelf in panel.shelves]
    shelf, place = sticker.shelf - 1, sticker.place - 1
    # As wide as the packs above it made the label below.
    shelves[shelf][place] = msgspec.structs.replace(sticker, facings=shelves[shelf][place].facings)
    return msgspec.structs.replace(panel, shelves=shelves)
