"""Cans, tins, jars, cups and tubs."""

from PIL import Image, ImageDraw

from app.demo.packs.art import Pack
from app.demo.packs.colours import (
    GOLD,
    INK,
    SILVER,
    WHITE,
    Colour,
    brightness,
    darker,
    lighter,
    mix,
)
from app.demo.packs.lathe import Profile, Turned, label_around, on_paper
from app.demo.packs.light import SHARPER, Size, blank, falling, glass, lay, metal, paper

AEROSOL: Profile = ((0, 0.62), (0.015, 0.7), (0.15, 0.72), (0.155, 0.62), (0.17, 0.8), (0.205, 1),
                    (0.97, 1), (0.985, 0.95), (1, 0.9))  # fmt: skip
CAN: Profile = ((0, 0.78), (0.014, 0.8), (0.03, 0.78), (0.09, 0.97), (0.12, 1), (0.9, 1),
                (0.94, 0.95), (0.98, 0.8), (1, 0.76))  # fmt: skip
TIN: Profile = ((0, 0.97), (0.02, 1), (0.05, 1), (0.06, 0.965), (0.94, 0.965), (0.95, 1),
                (0.98, 1), (1, 0.97))  # fmt: skip
JAR: Profile = ((0, 0.84), (0.015, 0.87), (0.15, 0.87), (0.16, 0.8), (0.18, 0.82), (0.26, 0.98),
                (0.3, 1), (0.92, 1), (0.98, 0.95), (1, 0.86))  # fmt: skip
CUP: Profile = ((0, 0.98), (0.03, 1), (0.05, 0.99), (0.06, 0.95), (0.97, 0.72), (1, 0.68))
TUB: Profile = ((0, 0.97), (0.02, 1), (0.2, 1), (0.21, 0.96), (0.96, 0.84), (1, 0.8))
SHAKER: Profile = ((0, 0.78), (0.01, 0.82), (0.24, 0.82), (0.25, 0.78), (0.27, 0.9), (0.32, 1),
                   (0.97, 1), (1, 0.94))  # fmt: skip


def can(pack: Pack) -> Image.Image:
    return _can(pack, (480, 900))


def slim_can(pack: Pack) -> Image.Image:
    return _can(pack, (360, 950))


def _can(pack: Pack, size: Size) -> Image.Image:
    thing = Turned(size, CAN)
    wide, high = size
    thing.wrap(label_around(pack, wide, high * 0.86), 0.085, 0.945, sag=0.05)
    thing.ring(0, 0.066, SILVER, 0.03)
    thing.ring(0.945, 1, SILVER, 0.05)
    draw = ImageDraw.Draw(thing.body)
    draw.ellipse((wide * 0.125, 4, wide * 0.875, 46), fill=darker(SILVER, 0.3))
    draw.ellipse((wide * 0.16, 12, wide * 0.84, 40), fill=lighter(SILVER, 0.3))
    return thing.shaded(metal)


def tin(pack: Pack) -> Image.Image:
    thing = Turned((560, 740), TIN)
    thing.body.paste(SILVER, (0, 0, 560, 740))
    thing.wrap(label_around(pack, 550, 640), 0.062, 0.9, sag=0.05)
    for y in (0.0, 0.905):
        thing.ring(y, y + 0.05, lighter(SILVER, 0.25), 0.05)
    return thing.shaded(metal)


def flat_tin(pack: Pack) -> Image.Image:
    thing = Turned((720, 420), TIN)
    thing.body.paste(SILVER, (0, 0, 720, 420))
    thing.wrap(label_around(pack, 700, 340), 0.07, 0.88, sag=0.05)
    return thing.shaded(metal)


def aerosol(pack: Pack) -> Image.Image:
    thing = Turned((300, 960), AEROSOL)
    thing.wrap(label_around(pack, 300, 780), 0.17, 0.975, sag=0.06)
    thing.fill(0, 0.155, lighter(pack.second, 0.3), pack.second)
    thing.ring(0.155, 0.175, SILVER, 0.03)
    return thing.shaded(metal)


def jar(pack: Pack) -> Image.Image:
    """Glass with something in it; the colour of the food is the pack's ground."""
    return _jar(pack, (600, 800))


def small_jar(pack: Pack) -> Image.Image:
    return _jar(pack, (600, 680))


def _jar(pack: Pack, size: Size) -> Image.Image:
    thing = Turned(size, JAR)
    inside = mix(pack.ground, WHITE, 0.06)
    thing.body.paste(falling(thing.size, lighter(inside, 0.18), darker(inside, 0.22)), (0, 0))
    _speckle(thing, pack, inside, 0.28, 0.95)
    thing.wrap(label_around(on_paper(pack), 590, size[1] * 0.5), 0.36, 0.86, sag=0.06)
    lid = pack.second if brightness(pack.second) < 0.9 else GOLD
    thing.ring(-0.1, 0.11, lid, 0.05)
    thing.ring(0.0, 0.012, lighter(lid, 0.35), 0.05)
    thing.shade(metal, 0, 0.165)
    return thing.shaded(glass)


def shaker(pack: Pack) -> Image.Image:
    """Herbs and spices in a small glass."""
    thing = Turned((360, 760), SHAKER)
    thing.body.paste(
        falling(thing.size, lighter(pack.ground, 0.1), darker(pack.ground, 0.2)), (0, 0)
    )
    _speckle(thing, pack, pack.ground, 0.28, 0.99)
    thing.wrap(label_around(on_paper(pack), 350, 400), 0.38, 0.9, sag=0.06)
    thing.ring(-0.1, 0.22, INK, 0.04)
    return thing.shaded(glass)


def _speckle(thing: Turned, pack: Pack, colour: Colour, top: float, bottom: float) -> None:
    """Pieces in the glass."""
    draw = ImageDraw.Draw(thing.body)
    wide, high = thing.size
    number = pack.chance
    for _ in range(70):
        number = (number * 1103515245 + 12345) % 2**31
        x, y = number % wide, (top + (bottom - top) * (number // 1000 % 1000) / 1000) * high
        size = 6 + number // 77 % 14
        tone = lighter(colour, 0.22) if number % 3 else darker(colour, 0.2)
        draw.ellipse((x, y, x + size * 1.5, y + size), fill=tone)


def cup(pack: Pack) -> Image.Image:
    """Yoghurt, pudding, instant noodles: a tapered cup under a foil."""
    thing = Turned((620, 720), CUP)
    thing.wrap(label_around(pack, 560, 690), 0.03, 0.96, sag=0.06)
    thing.ring(0, 0.035, lighter(SILVER, 0.4), 0.05)
    return _lidded(thing, 50, lighter(pack.second, 0.25))


def tub(pack: Pack) -> Image.Image:
    """Margarine, quark: a broad tub with a lid that grips over."""
    return _tub(pack, (760, 560))


def pot(pack: Pack) -> Image.Image:
    """A small deep pot: hummus, dip, cream, baby food."""
    return _tub(pack, (640, 580))


def _tub(pack: Pack, size: Size) -> Image.Image:
    thing = Turned(size, TUB)
    thing.wrap(label_around(pack, size[0] * 0.95, size[1] * 0.77), 0.2, 0.97, sag=0.05)
    thing.ring(-0.1, 0.17, pack.second, 0.045)
    thing.ring(0.15, 0.17, darker(pack.second, 0.25), 0.045)
    return _lidded(thing, 46, pack.second)


def _lidded(thing: Turned, rise: int, colour: Colour) -> Image.Image:
    """The body with its lid seen from slightly above."""
    wide, high = thing.size
    lid = blank((wide, rise * 2 + 8))
    draw = ImageDraw.Draw(lid)
    draw.ellipse((0, 4, wide - 1, rise * 2 + 6), fill=darker(colour, 0.14))
    draw.ellipse((2, 0, wide - 3, rise * 2), fill=colour)
    draw.ellipse((18, 8, wide - 19, rise * 2 - 8), fill=lighter(colour, 0.26))
    whole = blank((wide // SHARPER, (high + rise) // SHARPER))
    lay(whole, thing.shaded(paper), (0, rise // SHARPER))
    lay(whole, lid.reduce(SHARPER), (0, 0))
    return whole
