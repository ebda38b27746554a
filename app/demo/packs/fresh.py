"""Fresh things: loose, bunched, in trays and punnets, behind film."""

from PIL import Image, ImageDraw, ImageFilter

from app.demo.packs.art import Pack, painted, printed
from app.demo.packs.colours import WHITE, darker, lighter
from app.demo.packs.light import (
    Size,
    blank,
    board,
    cushion,
    cut,
    falling,
    lay,
    lit,
    polygon_mask,
    ramp,
    rounded_mask,
)


def loose(pack: Pack) -> Image.Image:
    """One fine piece."""
    return painted(pack, 800).copy()


def few(pack: Pack) -> Image.Image:
    """Three pieces lying together."""
    thing = blank((900, 720))
    piece = painted(pack, 440)
    for at in ((230, 20), (20, 250), (430, 262)):
        lay(thing, piece, at)
    return thing


def pair(pack: Pack) -> Image.Image:
    thing = blank((840, 640))
    piece = painted(pack, 560)
    lay(thing, piece, (0, 20))
    lay(thing, piece, (230, 70))
    return thing


def _strewn(pack: Pack, size: Size, piece: int, turn: bool = True) -> Image.Image:
    """A heap of small things filling the area."""
    heap = blank(size)
    number = pack.chance
    step = piece * 0.62
    one = painted(pack, piece)
    turned = [one.rotate(angle) for angle in (0, 40, 80, -40, -80)] if turn else [one]
    for row in range(int(size[1] / step) + 1):
        for column in range(int(size[0] / step) + 1):
            number = (number * 1103515245 + 12345) % 2**31
            x = column * step - piece * 0.3 + number // 11 % 24 + (row % 2) * step / 2
            lay(heap, turned[number // 101 % len(turned)], (x, row * step - piece * 0.25))
    return heap


def punnet(pack: Pack) -> Image.Image:
    """Berries and small tomatoes in a clear punnet under a printed band."""
    wide, high = 760, 560
    thing = blank((wide, high))
    heap = _strewn(pack, (wide, 470), 190)
    mound = polygon_mask((wide, 470), [(40, 120), (160, 40), (380, 6), (600, 40), (720, 120),
                                       (660, 469), (100, 469)])  # fmt: skip
    lay(thing, cut(heap, mound), (0, 60))
    film = Image.new("RGBA", (wide, high), (255, 255, 255, 0))
    draw = ImageDraw.Draw(film)
    draw.polygon([(10, 190), (750, 190), (670, 545), (90, 545)], fill=(240, 248, 252, 64))
    for x in range(60, 720, 84):
        draw.line((x, 200, 380 + (x - 380) * 0.82, 540), fill=(255, 255, 255, 90), width=5)
    draw.rounded_rectangle((2, 176, wide - 3, 204), 12, fill=(246, 250, 252, 210))
    lay(thing, film, (0, 0))
    band = cut(
        lit(printed(pack, (430, 236)), ramp(board)), rounded_mask((430, 236), (0, 0, 429, 235), 14)
    )
    lay(thing, band, (165, 250))
    return thing


def tray(pack: Pack) -> Image.Image:
    """Meat, fish or a meal on a dark tray under film, with a label."""
    wide, high = 860, 580
    thing = blank((wide, high))
    draw = ImageDraw.Draw(thing)
    rim = darker(pack.second, 0.72)
    draw.rounded_rectangle((0, 0, wide - 1, high - 1), 64, fill=rim)
    draw.rounded_rectangle((16, 16, wide - 17, high - 17), 54, fill=darker(pack.second, 0.55))
    food = painted(pack, 500)
    for at in ((30, 50), (340, 50)) if pack.chance % 2 else ((330, 40), (40, 60)):
        lay(thing, food, at)
    _film_gloss(thing)
    label = lit(printed(pack, (500, 250)), ramp(board))
    lay(thing, cut(label, rounded_mask((500, 250), (0, 0, 499, 249), 18)), (180, 300))
    return thing


def filled_tray(pack: Pack) -> Image.Image:
    """The same, heaped with small pieces."""
    wide, high = 860, 580
    thing = blank((wide, high))
    draw = ImageDraw.Draw(thing)
    draw.rounded_rectangle((0, 0, wide - 1, high - 1), 64, fill=darker(pack.second, 0.72))
    heap = _strewn(pack, (wide - 60, high - 60), 230, turn=False)
    lay(thing, cut(heap, rounded_mask(heap.size, (0, 0, wide - 61, high - 61), 44)), (30, 30))
    _film_gloss(thing)
    label = lit(printed(pack, (500, 250)), ramp(board))
    lay(thing, cut(label, rounded_mask((500, 250), (0, 0, 499, 249), 18)), (180, 300))
    return thing


def _film_gloss(thing: Image.Image) -> None:
    gloss = Image.new("L", thing.size, 0)
    draw = ImageDraw.Draw(gloss)
    wide, high = thing.size
    draw.polygon(
        [(wide * 0.1, 20), (wide * 0.24, 20), (wide * 0.08, high * 0.5), (30, high * 0.4)], fill=110
    )
    draw.polygon([(wide * 0.3, 20), (wide * 0.34, 20), (wide * 0.14, high * 0.66), (wide * 0.1, high * 0.66)],
                 fill=80)  # fmt: skip
    thing.paste(WHITE, (0, 0), gloss.filter(ImageFilter.BoxBlur(5)))


def vacuum(pack: Pack) -> Image.Image:
    """Slices in a flat pack: printed head, clear below."""
    wide, high = 620, 800
    thing = blank((wide, high))
    back = Image.new("RGBA", (wide, high), (*lighter(pack.second, 0.7), 255))
    food = painted(pack, 440)
    for at in ((90, 440), (60, 380), (110, 330)):
        lay(back, food, at)
    lay(back, printed(pack, (wide, 420)), (0, 0))
    draw = ImageDraw.Draw(back)
    draw.line((0, 421, wide, 421), fill=lighter(pack.ground, 0.5), width=4)
    body = cut(lit(back, ramp(cushion)), rounded_mask((wide, high), (0, 0, wide - 1, high - 1), 26))
    lay(thing, body, (0, 0))
    draw = ImageDraw.Draw(thing)
    draw.line((20, 440, 20, high - 24), fill=(255, 255, 255, 120), width=6)
    return thing


def bakery(pack: Pack) -> Image.Image:
    """Something from the oven, as it is."""
    thing = blank((900, 620))
    piece = painted(pack, 560)
    lay(thing, piece, (20, 10))
    lay(thing, piece, (310, 50))
    return thing


def bouquet(pack: Pack) -> Image.Image:
    """Flowers or herbs in a paper cone with a tag."""
    wide, high = 560, 900
    thing = blank((wide, high))
    flower = painted(pack, 250)
    for at in ((20, 150), (290, 140), (90, 20), (230, 10), (155, 130), (60, 260), (250, 260)):
        lay(thing, flower, at)
    cone = lit(falling((wide, 480), lighter(pack.ground, 0.5), pack.ground), ramp(cushion))
    mask = polygon_mask((wide, 480), [(10, 40), (280, 0), (550, 40), (350, 479), (210, 479)])
    lay(thing, cut(cone, mask), (0, 420))
    tag = cut(printed(pack, (230, 290)), rounded_mask((230, 290), (0, 0, 229, 289), 16))
    lay(thing, lit(tag, ramp(board)), (165, 480))
    return thing
