"""Bottles of glass and plastic."""

from PIL import Image

from app.demo.packs.art import Pack
from app.demo.packs.colours import Colour, brightness, darker, lighter
from app.demo.packs.lathe import Grey, Profile, Turned, label_around, on_paper
from app.demo.packs.light import Size, glass, paper

WINE: Profile = ((0, 0.3), (0.03, 0.31), (0.05, 0.29), (0.26, 0.3), (0.36, 0.6), (0.43, 0.95),
                 (0.5, 1), (0.97, 1), (0.995, 0.95), (1, 0.86))  # fmt: skip
BEER: Profile = ((0, 0.36), (0.04, 0.37), (0.06, 0.33), (0.2, 0.36), (0.34, 0.58), (0.43, 0.95),
                 (0.5, 1), (0.97, 1), (0.995, 0.94), (1, 0.85))  # fmt: skip
SODA: Profile = ((0, 0.3), (0.065, 0.3), (0.085, 0.3), (0.14, 0.42), (0.24, 0.9), (0.31, 1),
                 (0.4, 0.99), (0.46, 0.93), (0.52, 0.96), (0.6, 1), (0.94, 1), (0.985, 0.93),
                 (1, 0.8))  # fmt: skip
WATER: Profile = ((0, 0.3), (0.06, 0.3), (0.08, 0.3), (0.15, 0.55), (0.22, 0.95), (0.3, 1),
                  (0.34, 0.96), (0.38, 1), (0.68, 1), (0.72, 0.95), (0.76, 1), (0.8, 0.95),
                  (0.84, 1), (0.96, 1), (1, 0.86))  # fmt: skip
OIL: Profile = ((0, 0.26), (0.09, 0.26), (0.11, 0.22), (0.2, 0.24), (0.27, 0.5), (0.32, 0.92),
                (0.37, 1), (0.97, 1), (1, 0.92))  # fmt: skip
JUICE: Profile = ((0, 0.42), (0.09, 0.42), (0.11, 0.38), (0.17, 0.46), (0.28, 0.9), (0.34, 1),
                  (0.95, 1), (1, 0.9))  # fmt: skip
SQUEEZE: Profile = ((0, 0.5), (0.06, 0.66), (0.14, 0.9), (0.26, 1), (0.55, 0.93), (0.84, 0.96),
                    (0.86, 0.8), (0.87, 0.8), (0.99, 0.82), (1, 0.76))  # fmt: skip
SHAMPOO: Profile = ((0, 0.5), (0.14, 0.52), (0.15, 0.4), (0.17, 0.62), (0.2, 0.88), (0.26, 1),
                    (0.6, 0.98), (0.95, 0.92), (1, 0.8))  # fmt: skip


def _bottle(
    pack: Pack,
    size: Size,
    profile: Profile,
    *,
    inside: tuple[Colour, Colour],
    cap: Colour,
    cap_to: float,
    label: tuple[float, float],
    level: float = 0,
    skin: Grey = glass,
) -> Image.Image:
    thing = Turned(size, profile)
    thing.fill(0, 1, *inside)
    if level:
        thing.fill(0, level, lighter(inside[0], 0.72), lighter(inside[0], 0.5))
    high = (label[1] - label[0]) * size[1]
    thing.wrap(label_around(pack, size[0] * 0.98, high), *label)
    thing.fill(0, cap_to, lighter(cap, 0.15), cap)
    thing.ring(cap_to - 0.012, cap_to, darker(cap, 0.3), 0.015)
    return thing.shaded(skin)


def wine(pack: Pack) -> Image.Image:
    """Ground is what is in the bottle; dark wines stand in dark glass."""
    dark = brightness(pack.ground) < 0.5
    inside = ((46, 58, 40), (22, 30, 24)) if dark else (lighter(pack.ground, 0.2), pack.ground)
    return _bottle(
        on_paper(pack),
        (290, 960),
        WINE,
        inside=inside,
        cap=pack.second,
        cap_to=0.2,
        label=(0.52, 0.87),
    )


def beer(pack: Pack) -> Image.Image:
    return _bottle(
        pack,
        (300, 960),
        BEER,
        inside=((124, 70, 26), (72, 36, 14)),
        cap=pack.second,
        cap_to=0.05,
        label=(0.5, 0.88),
    )


def soda(pack: Pack) -> Image.Image:
    liquid = _liquid(pack)
    return _bottle(
        pack,
        (320, 960),
        SODA,
        inside=(lighter(liquid, 0.12), darker(liquid, 0.2)),
        cap=pack.second,
        cap_to=0.075,
        label=(0.4, 0.8),
        level=0.16,
    )


LIQUIDS: dict[str, Colour] = {
    "cola": (66, 28, 16),
    "orange": (248, 158, 44),
    "orange_slice": (248, 158, 44),
    "lemon_slice": (238, 240, 214),
    "lime_slice": (226, 238, 206),
    "tea": (176, 92, 32),
    "peach": (206, 128, 56),
    "strawberry": (214, 48, 66),
    "raspberry": (200, 40, 82),
    "blackcurrant": (82, 24, 64),
    "ginger": (232, 206, 140),
    "water": (206, 230, 244),
}


def _liquid(pack: Pack) -> Colour:
    return LIQUIDS.get(pack.motif, pack.ground)


def water(pack: Pack) -> Image.Image:
    return _bottle(
        pack,
        (310, 960),
        WATER,
        inside=((226, 240, 250), (176, 212, 236)),
        cap=pack.second,
        cap_to=0.07,
        label=(0.38, 0.68),
    )


def oil(pack: Pack) -> Image.Image:
    return _bottle(
        on_paper(pack),
        (270, 960),
        OIL,
        inside=(lighter(pack.ground, 0.15), darker(pack.ground, 0.15)),
        cap=pack.second,
        cap_to=0.1,
        label=(0.42, 0.86),
    )


def juice(pack: Pack) -> Image.Image:
    liquid = _liquid(pack)
    return _bottle(
        pack,
        (330, 860),
        JUICE,
        inside=(lighter(liquid, 0.15), darker(liquid, 0.1)),
        cap=pack.second,
        cap_to=0.1,
        label=(0.4, 0.86),
    )


def milk_bottle(pack: Pack) -> Image.Image:
    return _bottle(
        pack,
        (340, 900),
        JUICE,
        inside=((252, 252, 248), (236, 234, 226)),
        cap=pack.second,
        cap_to=0.1,
        label=(0.36, 0.9),
        skin=paper,
    )


def squeeze(pack: Pack) -> Image.Image:
    """Ketchup and mayonnaise, standing on their caps."""
    thing = Turned((360, 880), SQUEEZE)
    thing.fill(0, 1, lighter(pack.ground, 0.1), darker(pack.ground, 0.12))
    thing.wrap(label_around(pack, 350, 500), 0.17, 0.78)
    thing.fill(0.86, 1, pack.second, darker(pack.second, 0.2))
    return thing.shaded(glass)


def shampoo(pack: Pack) -> Image.Image:
    thing = Turned((360, 880), SHAMPOO)
    thing.fill(0, 1, lighter(pack.ground, 0.25), pack.ground)
    thing.wrap(label_around(pack, 350, 600), 0.25, 0.95, sag=0.04)
    thing.fill(0, 0.16, lighter(pack.second, 0.2), pack.second)
    return thing.shaded(glass)


def sauce(pack: Pack) -> Image.Image:
    """Soy sauce, vinegar, syrup: a small bottle that shows its colour."""
    return _bottle(
        pack,
        (330, 900),
        JUICE,
        inside=(lighter(pack.ground, 0.06), darker(pack.ground, 0.3)),
        cap=pack.second,
        cap_to=0.105,
        label=(0.42, 0.9),
    )
