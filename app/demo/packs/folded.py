"""Everything folded from board: milk cartons, drink bricks, boxes, bars, egg boxes."""

from PIL import Image, ImageChops, ImageDraw

from app.demo.packs.art import Pack, painted, printed
from app.demo.packs.colours import GOLD, SILVER, WHITE, Colour, darker, lighter
from app.demo.packs.light import (
    Point,
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


def _corners(picture: Image.Image, size: Size, corners: tuple[Point, ...]) -> Image.Image:
    """The picture bent so that its corners (from upper left, anticlockwise) lie there."""
    wide, high = picture.size
    return picture.convert("RGBA").transform(
        size,
        Image.Transform.PERSPECTIVE,
        _perspective(corners, ((0, 0), (0, high), (wide, high), (wide, 0))),
        Image.Resampling.BILINEAR,
    )


def _perspective(seen: tuple[Point, ...], flat: tuple[Point, ...]) -> list[float]:
    """The eight numbers Pillow wants, by elimination (no numpy for one small system)."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        pivot = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for row in range(8):
            if row != column and rows[row][column]:
                share = rows[row][column]
                rows[row] = [a - share * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[8] for row in rows]


def _boxed(pack: Pack, front: Size, deep: int, rise: int) -> Image.Image:
    """A box seen a little from the right and from above."""
    wide, high = front
    size = (wide + deep, high + rise)
    face = lit(printed(pack, front), ramp(board))
    box = blank(size)
    side = falling((deep, high), darker(pack.ground, 0.3), darker(pack.ground, 0.45))
    lay(
        box,
        _corners(side, size, ((wide, rise), (wide, size[1]), (size[0], high - rise), (size[0], 0))),
        (0, 0),
    )
    ImageDraw.Draw(box).polygon(
        [(0, rise), (deep, 0), (size[0], 0), (wide, rise)], fill=lighter(pack.ground, 0.3)
    )
    lay(box, face, (0, rise))
    edge = ImageDraw.Draw(box)
    edge.line((0, rise, wide, rise), fill=lighter(pack.ground, 0.6), width=3)
    edge.line((wide, rise, wide, size[1]), fill=lighter(pack.ground, 0.2), width=2)
    return box


def box(pack: Pack) -> Image.Image:
    return _boxed(pack, (600, 880), 70, 30)


def small_box(pack: Pack) -> Image.Image:
    return _boxed(pack, (500, 660), 90, 36)


def flat_box(pack: Pack) -> Image.Image:
    """Tea, fish fingers, pizza: lying on its side."""
    return _boxed(pack, (820, 540), 60, 40)


def cube(pack: Pack) -> Image.Image:
    return _boxed(pack, (640, 600), 120, 80)


def carton(pack: Pack) -> Image.Image:
    """Milk with a gable top and a screw cap."""
    wide, high, deep, foot = 400, 660, 110, 250
    size = (wide + deep, high + foot)
    ridge = wide - 28 + deep * 0.6
    thing = blank(size)
    side = falling((deep, high), darker(pack.ground, 0.22), darker(pack.ground, 0.4))
    corners = ((wide, foot), (wide, size[1]), (size[0], size[1] - 34), (size[0], foot - 20))
    lay(thing, _corners(side, size, corners), (0, 0))
    draw = ImageDraw.Draw(thing)
    draw.polygon([(wide, foot), (size[0], foot - 20), (ridge, 66)], fill=darker(pack.ground, 0.5))
    draw.polygon([(40, 66), (ridge, 66), (wide, foot), (0, foot)], fill=lighter(pack.ground, 0.12))
    draw.polygon([(38, 10), (ridge, 10), (ridge, 70), (38, 70)], fill=lighter(pack.ground, 0.3))
    draw.line((38, 40, ridge, 40), fill=darker(pack.ground, 0.1), width=3)
    lay(thing, lit(printed(pack, (wide, high)), ramp(board)), (0, foot))
    draw.line((0, foot, wide, foot), fill=lighter(pack.ground, 0.45), width=3)
    _cap(thing, (wide / 2 + 20, foot - 84), 52, pack.second)
    return thing


def _cap(thing: Image.Image, at: Point, radius: float, colour: Colour) -> None:
    """A screw cap on a slanted roof."""
    draw = ImageDraw.Draw(thing)
    x, y = at
    draw.ellipse((x - radius, y - radius * 0.5, x + radius, y + radius * 0.72), darker(colour, 0.4))
    draw.ellipse((x - radius, y - radius * 0.66, x + radius, y + radius * 0.5), colour)
    draw.ellipse((x - radius * 0.72, y - radius * 0.52, x + radius * 0.72, y + radius * 0.3),
                 lighter(colour, 0.25))  # fmt: skip


def brick(pack: Pack) -> Image.Image:
    """A drink in a brick: flat top, cap on it."""
    wide, high, deep, rise = 400, 820, 90, 44
    thing = _boxed(pack, (wide, high), deep, rise)
    tall = blank((thing.width, thing.height + 46))
    lay(tall, thing, (0, 46))
    draw = ImageDraw.Draw(tall)
    draw.rectangle((150, 20, 250, 66), fill=darker(pack.second, 0.2))
    draw.ellipse((150, 48, 250, 84), fill=darker(pack.second, 0.2))
    draw.ellipse((150, 2, 250, 40), fill=lighter(pack.second, 0.15))
    return tall


def small_brick(pack: Pack) -> Image.Image:
    """A lunch-box drink with its straw."""
    thing = _boxed(pack, (400, 620), 80, 36)
    ImageDraw.Draw(thing).line((416, 60, 456, 560), fill=WHITE, width=14)
    return thing


def bar(pack: Pack) -> Image.Image:
    """A chocolate bar in paper, a strip of foil showing."""
    wide, high = 420, 900
    face = lit(printed(pack, (wide, high)), ramp(board))
    thing = blank((wide, high + 60))
    foil = lit(Image.new("RGB", (wide - 16, 100), GOLD), ramp(cushion))
    lay(thing, cut(foil, rounded_mask(foil.size, (0, 0, *foil.size), 10)), (8, 0))
    for x in range(20, wide - 20, 26):
        ImageDraw.Draw(thing).line((x, 0, x + 14, 58), fill=lighter(GOLD, 0.3), width=3)
    lay(thing, cut(face, rounded_mask(face.size, (0, 0, wide - 1, high - 1), 12)), (0, 60))
    return thing


def flow_bar(pack: Pack) -> Image.Image:
    """A biscuit or bar in film, teeth at both ends."""
    wide, high = 940, 300
    art = lit(printed(pack, (wide, high)), _lying_light(wide, high))
    outline: list[Point] = []
    for step in range(13):
        outline.append((0 if step % 2 else 12, step * high / 12))
    for step in range(13):
        outline.append((wide if step % 2 else wide - 12, high - step * high / 12))
    mask = polygon_mask((wide, high), outline)
    thing = cut(art, mask)
    draw = ImageDraw.Draw(thing)
    for x in (34, 44, 54, wide - 54, wide - 44, wide - 34):
        draw.line((x, 4, x, high - 4), fill=(*lighter(pack.ground, 0.3), 120), width=2)
    return thing


def _lying_light(wide: int, high: int) -> Image.Image:
    return ramp(cushion).rotate(-90, expand=True).resize((wide, high), Image.Resampling.BILINEAR)


def egg_box(pack: Pack) -> Image.Image:
    """Pulp board with domes over the eggs and a printed label."""
    wide, high = 900, 430
    pulp = darker(pack.second, 0.02)
    thing = blank((wide, high))
    outline: list[Point] = [(30, 190)]
    for dome in range(5):
        left = 30 + dome * 168
        outline += [(left + 20, 70), (left + 84, 30), (left + 148, 70), (left + 168, 96)]
    outline += [(wide - 30, 190), (wide - 20, 236), (wide - 70, high - 10), (70, high - 10),
                (20, 236)]  # fmt: skip
    mask = polygon_mask((wide, high), outline)
    body = falling((wide, high), lighter(pulp, 0.2), darker(pulp, 0.2))
    draw = ImageDraw.Draw(body)
    for dome in range(5):
        left = 30 + dome * 168
        draw.ellipse((left + 10, 250, left + 160, high + 90), fill=darker(pulp, 0.1))
        draw.ellipse((left + 36, 48, left + 96, 110), fill=lighter(pulp, 0.34))
    draw.rectangle((0, 214, wide, 226), fill=darker(pulp, 0.3))
    lay(thing, cut(body, mask), (0, 0))
    label = cut(printed(pack, (560, 240)), rounded_mask((560, 240), (0, 0, 559, 239), 16))
    lay(thing, lit(label, ramp(board)), (170, 74))
    return thing


def card(pack: Pack) -> Image.Image:
    """A card with something small on it: stamps, batteries, plasters."""
    wide, high = 480, 700
    face = printed(pack, (wide, high)).convert("RGBA")
    hole = rounded_mask((wide, high), (190, 22, 290, 52), 15)
    outline = rounded_mask((wide, high), (0, 0, wide - 1, high - 1), 22)
    return lit(cut(face, ImageChops.subtract(outline, hole)), ramp(board))


def foil(pack: Pack) -> Image.Image:
    """Butter in its wrapper: a block with folded ends."""
    wide, high, deep, rise = 800, 330, 70, 110
    thing = blank((wide + deep, high + rise))
    draw = ImageDraw.Draw(thing)
    draw.polygon([(0, rise), (deep, 0), (wide + deep, 0), (wide, rise)], fill=lighter(SILVER, 0.5))
    draw.polygon([(wide, rise), (wide + deep, 0), (wide + deep, high), (wide, high + rise)],
                 fill=darker(SILVER, 0.15))  # fmt: skip
    draw.line((wide, rise, wide + deep / 2, (high + rise) / 2), fill=darker(SILVER, 0.35), width=3)
    draw.line((wide, high + rise, wide + deep / 2, (high + rise) / 2), fill=darker(SILVER, 0.35),
              width=3)  # fmt: skip
    lay(thing, lit(printed(pack, (wide, high)), ramp(board)), (0, rise))
    return thing


def cheese_wedge(pack: Pack) -> Image.Image:
    """A wedge of cheese with rind and a label across it."""
    cheese = pack.ground
    thing = blank((840, 520))
    draw = ImageDraw.Draw(thing)
    draw.polygon([(20, 250), (640, 40), (820, 170), (200, 410)], fill=lighter(cheese, 0.4))
    draw.polygon([(20, 250), (200, 410), (200, 510), (20, 340)], fill=darker(cheese, 0.1))
    draw.polygon([(200, 410), (820, 170), (820, 280), (200, 510)], fill=cheese)
    draw.polygon([(640, 40), (820, 170), (820, 280), (830, 160), (650, 30)],
                 fill=darker(pack.second, 0.1))  # fmt: skip
    for x, y, r in ((300, 430, 16), (470, 350, 22), (620, 310, 14), (720, 250, 18)):
        draw.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), fill=darker(cheese, 0.16))
    label = printed(pack, (560, 240))
    bent = _corners(label, thing.size, ((150, 262), (290, 376), (690, 222), (540, 120)))
    lay(thing, bent, (0, 0))
    return thing


def crate(pack: Pack) -> Image.Image:
    """Several of the same in one wrap: six cans, six bottles."""
    wide, high = 760, 640
    thing = blank((wide, high))
    face = printed(pack, (wide, 470))
    for index in range(3):
        left = 20 + index * 245
        shade = lit(Image.new("RGB", (230, 150), SILVER), ramp(cushion))
        lay(thing, cut(shade, rounded_mask((230, 150), (0, 0, 229, 149), 40)), (left, 110))
        ImageDraw.Draw(thing).ellipse((left, 96, left + 230, 150), fill=lighter(SILVER, 0.4))
        ImageDraw.Draw(thing).ellipse((left + 16, 104, left + 214, 142), fill=SILVER)
    lay(thing, lit(face, ramp(board)), (0, 170))
    return thing.crop((0, 90, wide, high))


def paper_stack(pack: Pack) -> Image.Image:
    """Rolls in film: kitchen and toilet paper, two rows of them showing through."""
    wide, high = 760, 800
    thing = blank((wide, high))
    roll = painted(Pack(pack.shape, "", "", "", pack.colour, pack.accent, "roll"), 248)
    for row in range(3):
        for column in range(3):
            lay(thing, roll, (8 + column * 248, 10 + row * 258))
    film = Image.new("RGBA", (wide, high), (*lighter(pack.ground, 0.8), 90))
    film = cut(film, rounded_mask((wide, high), (4, 14, wide - 5, high - 6), 46))
    lay(thing, film, (0, 0))
    label = printed(pack, (wide - 8, 400))
    lay(thing, label, (4, 210))
    return lit(thing, ramp(cushion))
