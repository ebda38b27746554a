"""Everything in film or paper: bags, pouches, noodle packs, bread, nappies."""

from PIL import Image, ImageDraw, ImageFilter

from app.demo.packs.art import Pack, painted, printed
from app.demo.packs.colours import KRAFT, SILVER, WHITE, Colour, darker, lighter, mix
from app.demo.packs.light import (
    Point,
    Size,
    blank,
    cushion,
    cut,
    lay,
    lit,
    polygon_mask,
    ramp,
    rounded_mask,
    spline,
)


def _teeth(left: float, right: float, y: float, count: int, depth: float) -> list[Point]:
    step = (right - left) / count
    return [(left + i * step, y + (depth if i % 2 else 0)) for i in range(count + 1)]


def _creases(picture: Image.Image, pack: Pack, count: int = 7) -> None:
    """Soft folds running in from the seals."""
    wide, high = picture.size
    folds = Image.new("L", (wide // 4, high // 4), 0)
    draw = ImageDraw.Draw(folds)
    number = pack.chance
    for _ in range(count):
        number = (number * 1103515245 + 12345) % 2**31
        x, long, lean = number % wide / 4, 20 + number // 7 % 40, number // 97 % 17 - 8
        top = number % 2 == 0
        y = 6 if top else high / 4 - 6
        draw.line((x, y, x + lean, y + (long if top else -long)), fill=150, width=3)
    soft = folds.filter(ImageFilter.GaussianBlur(2)).resize(picture.size, Image.Resampling.BILINEAR)
    picture.paste(
        Image.new("RGB", picture.size, WHITE), (0, 0), soft.point([v // 2 for v in range(256)])
    )


def _bag(pack: Pack, size: Size, *, seal: float, waist: float) -> Image.Image:
    """A pillow of film sealed at head and foot."""
    wide, high = size
    art = printed(pack, size)
    _creases(art, pack)
    side = [(wide - 1.0, seal), (wide - 1 - waist, high * 0.12), (wide - 1 - waist * 0.2, high * 0.5),
            (wide - 1 - waist, high * 0.88), (wide - 1.0, high - seal)]  # fmt: skip
    right = spline(side, closed=False)
    left = [(wide - 1 - x, y) for x, y in reversed(right)]
    outline = [*_teeth(0, wide - 1, 0, 48, 6), *right, *reversed(_teeth(0, wide - 1, high - 7, 48, 6)),
               *left]  # fmt: skip
    thing = cut(lit(art, ramp(cushion)), polygon_mask(size, outline))
    draw = ImageDraw.Draw(thing)
    for y in (seal * 0.4, seal * 0.65, seal * 0.9):
        for line in (y, high - y):
            draw.line((6, line, wide - 6, line), fill=lighter(pack.ground, 0.35), width=2)
    return thing


def crisps(pack: Pack) -> Image.Image:
    return _bag(pack, (640, 900), seal=34, waist=26)


def sweets(pack: Pack) -> Image.Image:
    return _bag(pack, (560, 740), seal=30, waist=20)


def frozen_bag(pack: Pack) -> Image.Image:
    return _bag(pack, (620, 820), seal=26, waist=16)


def noodle_pack(pack: Pack) -> Image.Image:
    """Instant noodles: the square block shows under the film."""
    return _bag(pack, (800, 700), seal=30, waist=12)


def pouch(pack: Pack) -> Image.Image:
    """A stand-up pouch, round at the foot."""
    wide, high = 580, 860
    art = printed(pack, (wide, high))
    right = spline([(wide - 26.0, 0), (wide - 22.0, 120), (wide - 4.0, high * 0.55),
                    (wide - 1.0, high * 0.86), (wide - 40.0, high - 8.0), (wide / 2, high - 1.0)],
                   closed=False)  # fmt: skip
    outline = [*right, *[(wide - 1 - x, y) for x, y in reversed(right)]]
    thing = cut(lit(art, ramp(cushion)), polygon_mask((wide, high), outline))
    draw = ImageDraw.Draw(thing)
    for y in (14, 24, 34):
        draw.line((30, y, wide - 30, y), fill=lighter(pack.ground, 0.4), width=2)
    draw.line((34, 74, wide - 34, 74), fill=(*darker(pack.ground, 0.3), 160), width=4)
    curve = spline(
        [(6.0, high * 0.86), (wide / 2, high * 0.94), (wide - 6.0, high * 0.86)], closed=False
    )
    draw.line(curve, fill=(*darker(pack.ground, 0.4), 120), width=4)
    return thing


def coffee_bag(pack: Pack) -> Image.Image:
    """A block of coffee with a folded head."""
    wide, high, deep = 440, 800, 100
    size = (wide + deep, high + 70)
    thing = blank(size)
    draw = ImageDraw.Draw(thing)
    draw.polygon([(wide, 70), (wide + deep, 40), (wide + deep, high + 30), (wide, high + 70)],
                 fill=darker(pack.ground, 0.42))  # fmt: skip
    draw.polygon([(wide + deep / 2, 56), (wide + deep, 40), (wide + deep, high + 30),
                  (wide + deep / 2, high + 50)], fill=darker(pack.ground, 0.5))  # fmt: skip
    draw.polygon([(0, 70), (40, 16), (wide + deep - 30, 0), (wide + deep, 40), (wide, 70)],
                 fill=darker(pack.ground, 0.12))  # fmt: skip
    draw.polygon([(40, 16), (wide + deep - 30, 0), (wide + deep - 34, 34), (44, 50)],
                 fill=lighter(pack.ground, 0.18))  # fmt: skip
    face = printed(pack, (wide, high))
    _creases(face, pack, 4)
    lay(thing, lit(face, ramp(cushion)), (0, 70))
    return thing


def paper_bag(pack: Pack) -> Image.Image:
    """Flour and sugar in kraft paper."""
    wide, high = 520, 760
    face = printed(pack, (wide, high))
    thing = blank((wide + 60, high + 60))
    draw = ImageDraw.Draw(thing)
    draw.polygon([(wide, 60), (wide + 60, 40), (wide + 60, high + 34), (wide, high + 60)],
                 fill=darker(KRAFT, 0.25))  # fmt: skip
    draw.polygon([(0, 60), (44, 6), (wide + 20, 0), (wide + 60, 40), (wide, 60)], fill=KRAFT)
    draw.polygon([(44, 6), (wide + 20, 0), (wide + 14, 30), (50, 38)], fill=lighter(KRAFT, 0.3))
    lay(thing, lit(face, ramp(cushion)), (0, 60))
    return thing


def bread_bag(pack: Pack) -> Image.Image:
    """A sliced loaf in film: bread showing, print across the middle."""
    wide, high = 860, 560
    thing = blank((wide, high))
    crust: Colour = mix(pack.second, (150, 92, 44), 0.55)
    crumb = lighter(crust, 0.55)
    for index in range(13):
        left = 40 + index * 48
        slice_ = [(left, 190.0), (left + 16, 110), (left + 70, 84), (left + 124, 110), (left + 138, 190),
                  (left + 128, 240), (left + 130, 500), (left + 8, 500), (left + 10, 240)]  # fmt: skip
        draw = ImageDraw.Draw(thing)
        draw.polygon(spline(slice_), fill=darker(crust, 0.05 * (index % 3)))
    draw = ImageDraw.Draw(thing)
    face: list[Point] = [(634, 194), (648, 122), (686, 100), (724, 122), (744, 194), (736, 240), (738, 490),
            (634, 490), (632, 240)]  # fmt: skip
    draw.polygon(spline(face), fill=crumb)
    film = spline([(16, 150), (60, 80), (400, 66), (700, 76), (752, 180), (752, 420), (720, 505),
                   (400, 520), (40, 508)])  # fmt: skip
    mask = polygon_mask((wide, high), film)
    lay(thing, cut(Image.new("RGBA", (wide, high), (255, 255, 255, 60)), mask), (0, 0))
    band = cut(printed(pack, (470, 450)), rounded_mask((470, 450), (0, 0, 469, 449), 8))
    lay(thing, band, (110, 64))
    thing = lit(thing, ramp(cushion).rotate(-90, expand=True).resize((wide, high)))
    gloss = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(gloss).line([(60, 120), (380, 98), (720, 118)], fill=110, width=12)
    thing.paste(WHITE, (0, 0), gloss.filter(ImageFilter.GaussianBlur(5)))
    twist = ImageDraw.Draw(thing)
    twist.polygon([(744, 200), (800, 270), (800, 300), (744, 400)], fill=(206, 196, 178, 200))
    twist.polygon([(806, 270), (852, 200), (858, 380), (806, 306)], fill=(214, 206, 190, 230))
    twist.rounded_rectangle((788, 262, 812, 312), 6, fill=pack.ground)
    return thing.crop((0, 50, wide, 530))


def soft_pack(pack: Pack) -> Image.Image:
    """Nappies, tissues: a plump plastic brick."""
    wide, high = 760, 780
    art = lit(printed(pack, (wide, high)), ramp(cushion))
    mask = rounded_mask((wide, high), (2, 40, wide - 3, high - 2), 54)
    thing = cut(art, mask)
    draw = ImageDraw.Draw(thing)
    draw.polygon([(290, 46), (320, 4), (440, 4), (470, 46)], fill=pack.ground)
    draw.ellipse((340, 14, 420, 40), fill=(0, 0, 0, 0))
    return thing


def salad_bag(pack: Pack) -> Image.Image:
    """Leaves seen through clear film, a printed header and label."""
    size = wide, high = 620, 780
    thing = blank(size)
    back = Image.new("RGBA", size, (*lighter(pack.ground, 0.55), 255))
    leafy = painted(pack, 240)
    number = pack.chance
    for row in range(4):
        for column in range(3):
            number = (number * 1103515245 + 12345) % 2**31
            spot = leafy.rotate(number % 360)
            lay(back, spot, (column * 190 - 20 + number % 30, row * 170 + 60 + number // 31 % 30))
    label = printed(pack, (wide, 400))
    lay(back, label, (0, 250))
    mask = rounded_mask(size, (0, 0, wide - 1, high - 1), 20)
    lay(thing, cut(lit(back, ramp(cushion)), mask), (0, 0))
    draw = ImageDraw.Draw(thing)
    draw.rectangle((0, 0, wide, 60), fill=pack.ground)
    draw.line((0, 62, wide, 62), fill=lighter(pack.ground, 0.5), width=3)
    return thing


def net(pack: Pack) -> Image.Image:
    """Fruit or potatoes in a net with a label."""
    wide, high = 640, 860
    thing = blank((wide, high))
    piece = painted(pack, 216)
    rows = (
        (640, (40, 210, 380)),
        (520, (0, 150, 300, 430)),
        (390, (40, 210, 380)),
        (270, (120, 290)),
    )
    for y, places in reversed(rows):
        for x in places:
            lay(thing, piece, (x - 4, y - 12))
    mesh = ImageDraw.Draw(thing)
    strand = (*mix(pack.ground, WHITE, 0.15), 170)
    for shift in range(-high, wide, 42):
        mesh.line((shift, 250, shift + 610, 860), fill=strand, width=3)
        mesh.line((shift + 610, 250, shift, 860), fill=strand, width=3)
    outline = spline([(320.0, 220), (470, 290), (600, 460), (638, 640), (580, 820), (320, 858), (60, 820),
                      (2, 640), (40, 460), (170, 290)])  # fmt: skip
    thing = cut(thing, polygon_mask((wide, high), outline))
    draw = ImageDraw.Draw(thing)
    draw.polygon([(300, 100), (340, 100), (376, 270), (264, 270)], fill=strand)
    label = printed(pack, (280, 300))
    lay(thing, cut(label, rounded_mask((280, 300), (0, 0, 279, 299), 16)), (180, 0))
    return thing


def rice_bag(pack: Pack) -> Image.Image:
    """A big bag with a carrying handle."""
    wide, high = 600, 900
    art = printed(pack, (wide, high - 80))
    _creases(art, pack)
    thing = blank((wide, high))
    body = cut(lit(art, ramp(cushion)), rounded_mask(art.size, (0, 0, wide - 1, high - 81), 40))
    lay(thing, body, (0, 80))
    draw = ImageDraw.Draw(thing)
    draw.arc((200, 6, 400, 190), 180, 360, fill=darker(pack.second, 0.1), width=22)
    draw.rectangle((0, 108, wide, 122), fill=lighter(pack.ground, 0.4))
    return thing


def tube(pack: Pack) -> Image.Image:
    """Toothpaste and creams: crimped above, standing on the cap."""
    wide, high = 300, 900
    art = printed(pack, (wide, 740))
    light = ramp(cushion)
    mask = polygon_mask(
        (wide, 740), [(0, 0), (wide, 0), (wide - 22, 700), (wide - 60, 739), (60, 739), (22, 700)]
    )
    thing = blank((wide, high))
    lay(thing, cut(lit(art, light), mask), (0, 0))
    draw = ImageDraw.Draw(thing)
    for y in range(4, 40, 9):
        draw.line((2, y, wide - 2, y), fill=lighter(pack.ground, 0.4), width=3)
    cap = lit(Image.new("RGB", (200, 130), pack.second), light)
    lay(thing, cut(cap, rounded_mask((200, 130), (0, 0, 199, 129), 16)), (50, 736))
    return thing


def detergent(pack: Pack) -> Image.Image:
    """A bottle with a handle to pour from."""
    wide, high = 520, 860
    outline = spline([(150, 110), (310, 110), (330, 170), (430, 220), (508, 330), (512, 560), (508, 800), (480, 856),
                      (60, 856), (20, 800), (10, 520), (40, 330), (100, 220), (132, 170)])  # fmt: skip
    art = Image.new("RGB", (wide, high), pack.ground)
    label = printed(pack, (400, 470))
    lay(art, cut(label, rounded_mask((400, 470), (0, 0, 399, 469), 60)), (44, 350))
    mask = polygon_mask((wide, high), outline)
    ImageDraw.Draw(mask).polygon(
        spline([(396.0, 262), (448, 300), (470, 352), (440, 372), (392, 320)]), fill=0
    )
    thing = cut(lit(art, ramp(cushion)), mask)
    cap = lit(Image.new("RGB", (190, 120), pack.second), ramp(cushion))
    lay(thing, cut(cap, rounded_mask((190, 120), (0, 0, 189, 119), 18)), (135, 0))
    return thing


def trigger(pack: Pack) -> Image.Image:
    """A spray bottle."""
    wide, high = 420, 920
    thing = blank((wide, high))
    outline = spline([(160, 210), (260, 210), (280, 300), (370, 400), (392, 560), (396, 860), (370, 916),
                      (50, 916), (24, 860), (28, 560), (50, 400), (140, 300)])  # fmt: skip
    art = Image.new("RGB", (wide, high), mix(pack.ground, WHITE, 0.25))
    lay(art, printed(pack, (wide - 40, 480)), (20, 400))
    lay(thing, cut(lit(art, ramp(cushion)), polygon_mask((wide, high), outline)), (0, 0))
    head = blank((wide, 240))
    draw = ImageDraw.Draw(head)
    draw.polygon([(60, 30), (250, 10), (330, 60), (320, 110), (250, 120), (256, 220), (164, 220), (166, 120),
                  (60, 90)], fill=pack.second)  # fmt: skip
    draw.polygon([(110, 100), (140, 100), (120, 210), (86, 214)], fill=darker(pack.second, 0.3))
    draw.rectangle((36, 34, 64, 84), fill=SILVER)
    lay(thing, lit(head, ramp(cushion)), (0, 0))
    return thing
