from app.demo.packs.brush import GREEN, Brush, around, motif
from app.demo.packs.colours import Colour, darker, lighter

WHEAT: Colour = (216, 168, 78)
MILK: Colour = (252, 252, 250)


@motif
def milk(brush: Brush) -> None:
    """A splash of milk."""
    brush.shape([(6, 84), (10, 56), (20, 66), (28, 26), (38, 58), (50, 10), (60, 58), (74, 28),
                 (80, 66), (92, 54), (94, 84), (72, 94), (28, 94)], MILK)  # fmt: skip
    brush.ball(30, 16, 4, 5, MILK)
    brush.ball(68, 14, 5, 6, MILK)


@motif
def glass_of_milk(brush: Brush) -> None:
    brush.flat([(24, 12), (76, 12), (68, 94), (32, 94)], (214, 230, 240), smooth=False)
    brush.shape([(27, 28), (73, 28), (67, 91), (33, 91)], MILK, smooth=False)
    brush.disc(50, 28, 23, 4, (240, 240, 238))


@motif
def cheese(brush: Brush) -> None:
    brush.shape([(6, 56), (80, 20), (94, 44), (94, 82), (6, 82)], (248, 200, 70), smooth=False)
    brush.flat([(6, 56), (80, 20), (94, 44)], (252, 220, 116), smooth=False)
    for x, y, r in ((26, 68, 6), (50, 60, 5), (70, 72, 7), (84, 56, 4)):
        brush.disc(x, y, r, r * 0.9, (220, 160, 44))


@motif
def cheese_wheel(brush: Brush) -> None:
    brush.ball(50, 58, 44, 32, (238, 178, 50))
    brush.disc(50, 46, 38, 18, (250, 206, 92))
    brush.flat([(50, 46), (86, 40), (88, 52), (66, 62)], (254, 232, 160), smooth=False)


@motif
def butter(brush: Brush) -> None:
    brush.shape([(10, 50), (70, 34), (94, 46), (34, 64)], (254, 236, 150), smooth=False)
    brush.shape([(10, 50), (34, 64), (34, 84), (10, 68)], (240, 208, 96), smooth=False)
    brush.shape([(34, 64), (94, 46), (94, 66), (34, 84)], (248, 220, 116), smooth=False)


@motif
def egg(brush: Brush) -> None:
    brush.shape([(50, 8), (70, 24), (82, 56), (72, 84), (50, 94), (28, 84), (18, 56), (30, 24)],
                (232, 186, 142))  # fmt: skip


@motif
def fried_egg(brush: Brush) -> None:
    brush.shape([(20, 26), (52, 14), (84, 30), (92, 60), (66, 86), (36, 82), (10, 64)],
                (254, 252, 244))  # fmt: skip
    brush.ball(50, 50, 19, 18, (250, 184, 40))


@motif
def wheat(brush: Brush) -> None:
    for x, lean in ((50, 0), (28, -14), (72, 14)):
        top = 14 if lean == 0 else 24
        brush.stroke([(50, 97), (50 + lean * 0.6, 66), (x, top)], WHEAT, 2)
        for step in range(5):
            y = top + step * 9
            brush.leaf(x - lean * 0.06 * step, y + 8, 13, -125, WHEAT)
            brush.leaf(x - lean * 0.06 * step, y + 8, 13, -55, WHEAT)
        brush.leaf(x, top + 6, 14, -90, WHEAT)


@motif
def oats(brush: Brush) -> None:
    for x, y in around(50, 52, 30, 7) + around(50, 52, 12, 3) + [(50, 52)]:
        brush.ball(x, y, 13, 9, (222, 190, 138))
        brush.stroke([(x - 7, y), (x + 7, y)], (190, 152, 98), 1.2)


@motif
def peanut(brush: Brush) -> None:
    for dx, dy in ((0, 0), (26, 22)):
        brush.shape([(20 + dx, 30 + dy), (30 + dx, 14 + dy), (46 + dx, 20 + dy), (48 + dx, 36 + dy),
                     (58 + dx, 48 + dy), (54 + dx, 66 + dy), (36 + dx, 68 + dy), (30 + dx, 50 + dy)],
                    (216, 166, 98))  # fmt: skip
        for x, y in ((32, 28), (40, 40), (44, 56)):
            brush.disc(x + dx, y + dy, 2, 2, (178, 126, 66))


@motif
def almond(brush: Brush) -> None:
    for turn, x, y in ((20, 10, 30), (-30, 30, 84), (40, 50, 24)):
        brush.leaf(x, y, 48, turn, (184, 116, 62))


@motif
def walnut(brush: Brush) -> None:
    brush.ball(50, 52, 38, 40, (194, 146, 90))
    for path in ([(50, 14), (48, 52), (50, 92)], [(30, 26), (38, 46), (26, 64)],
                 [(70, 28), (62, 50), (74, 70)]):  # fmt: skip
        brush.stroke(path, (150, 104, 58), 2.4)


@motif
def cashew(brush: Brush) -> None:
    for dx, dy in ((0, 0), (34, 26)):
        brush.stroke([(16 + dx, 44 + dy), (22 + dx, 22 + dy), (44 + dx, 20 + dy), (52 + dx, 40 + dy)],
                     (236, 206, 152), 15)  # fmt: skip


@motif
def coffee_beans(brush: Brush) -> None:
    for x, y in ((34, 34), (66, 44), (40, 72)):
        brush.ball(x, y, 24, 17, (104, 64, 40))
        brush.stroke([(x - 18, y + 4), (x - 3, y - 3), (x + 4, y + 3), (x + 18, y - 4)],
                     (62, 34, 22), 2.6)  # fmt: skip


def _cup(brush: Brush, drink: Colour, china: Colour = (250, 248, 244)) -> None:
    brush.ring(80, 60, 13, 14, darker(china, 0.16), 5)
    brush.shape([(16, 42), (80, 42), (76, 72), (62, 88), (34, 88), (20, 72)], china)
    brush.disc(48, 43, 32, 8, darker(china, 0.12))
    brush.disc(48, 44, 28, 6, drink)
    for x in (36, 50, 62):
        brush.stroke([(x, 30), (x + 4, 22), (x - 2, 14), (x + 3, 5)], (240, 236, 232), 2)


@motif
def coffee(brush: Brush) -> None:
    _cup(brush, (84, 50, 32))


@motif
def cappuccino(brush: Brush) -> None:
    _cup(brush, (222, 184, 140))


@motif
def tea(brush: Brush) -> None:
    _cup(brush, (196, 112, 44))


@motif
def green_tea(brush: Brush) -> None:
    _cup(brush, (160, 176, 72))


@motif
def cocoa(brush: Brush) -> None:
    _cup(brush, (112, 66, 44), (236, 204, 190))


@motif
def tea_leaves(brush: Brush) -> None:
    brush.leaf(48, 86, 66, -118, GREEN)
    brush.leaf(52, 86, 66, -58, GREEN)
    brush.leaf(50, 86, 74, -90, lighter(GREEN, 0.2))


@motif
def mint(brush: Brush) -> None:
    for turn in (-90, -150, -30, 150, 30):
        brush.leaf(50, 56, 40, turn, (72, 170, 110))


@motif
def vanilla(brush: Brush) -> None:
    for x, y in around(50, 38, 18, 5, -90):
        brush.ball(x, y, 14, 13, (252, 240, 190))
    brush.ball(50, 38, 8, 8, (238, 190, 70))
    brush.stroke([(50, 54), (42, 76), (50, 97)], (78, 52, 34), 3)
    brush.stroke([(54, 54), (60, 78), (54, 97)], (78, 52, 34), 3)


@motif
def hops(brush: Brush) -> None:
    brush.leaf(50, 20, 34, -165)
    brush.leaf(50, 20, 34, -15)
    rows = ((28, (38, 50, 62)), (42, (32, 44, 56, 68)), (56, (36, 50, 64)), (70, (42, 58)),
            (84, (50,)))  # fmt: skip
    for y, places in rows:
        for x in places:
            brush.shape([(x - 8, y - 6), (x, y - 10), (x + 8, y - 6), (x, y + 11)], (146, 184, 82))


@motif
def rice(brush: Brush) -> None:
    brush.shape([(14, 52), (30, 24), (50, 16), (70, 24), (86, 52)], (254, 252, 246))
    for x, y in around(50, 40, 18, 9) + around(50, 44, 8, 4):
        brush.disc(x, y, 2.6, 1.4, (226, 222, 210))
    brush.shape([(8, 52), (92, 52), (78, 84), (60, 92), (40, 92), (22, 84)], (54, 84, 140))
    brush.stroke([(12, 58), (88, 58)], (230, 236, 246), 2, smooth=False)


@motif
def pasta(brush: Brush) -> None:
    for x, y in ((28, 30), (66, 32), (40, 58), (76, 64), (28, 82)):
        brush.shape([(x - 18, y - 12), (x - 18, y + 12), (x, y + 4), (x + 18, y + 12),
                     (x + 18, y - 12), (x, y - 4)], (246, 208, 106))  # fmt: skip


@motif
def spaghetti(brush: Brush) -> None:
    for step in range(13):
        brush.stroke([(26 + step * 4, 4), (34 + step * 2.7, 50), (26 + step * 4, 96)],
                     (246, 208, 106) if step % 2 else (228, 182, 78), 3)  # fmt: skip
    brush.stroke([(30, 50), (70, 50)], (196, 40, 44), 6)


@motif
def penne(brush: Brush) -> None:
    for x, y in ((14, 22), (44, 12), (24, 54), (54, 46), (34, 82)):
        brush.shape([(x, y), (x + 8, y - 9), (x + 40, y + 5), (x + 34, y + 16)], (244, 200, 98),
                    smooth=False)  # fmt: skip
        brush.disc(x + 4, y - 4, 4, 5, (196, 146, 54))


@motif
def oil(brush: Brush) -> None:
    brush.shape([(50, 6), (66, 36), (80, 62), (70, 86), (50, 94), (30, 86), (20, 62), (34, 36)],
                (232, 190, 50))  # fmt: skip
    brush.shine(38, 62, 6, 14, 110)


@motif
def water(brush: Brush) -> None:
    brush.shape([(50, 6), (66, 36), (80, 62), (70, 86), (50, 94), (30, 86), (20, 62), (34, 36)],
                (90, 176, 226))  # fmt: skip
    brush.shine(38, 62, 6, 14, 130)


@motif
def cinnamon(brush: Brush) -> None:
    for shift in (0, 18, 36):
        brush.shape([(10, 60 - shift * 0.4 + shift), (84, 22 + shift * 0.6), (92, 34 + shift * 0.6),
                     (18, 72 - shift * 0.4 + shift)], (166, 96, 48), smooth=False)  # fmt: skip


@motif
def salt(brush: Brush) -> None:
    brush.shape([(32, 34), (68, 34), (74, 92), (26, 92)], (226, 236, 244), smooth=False)
    brush.shape([(34, 34), (38, 14), (62, 14), (66, 34)], (150, 158, 168))
    for x in (42, 50, 58):
        brush.disc(x, 21, 2, 2, (70, 76, 84))


@motif
def sesame(brush: Brush) -> None:
    for index, (x, y) in enumerate(around(50, 50, 34, 10) + around(50, 50, 18, 6) + [(50, 50)]):
        brush.leaf(x - 8, y, 17, (index * 67) % 180, (240, 216, 166))


@motif
def cola(brush: Brush) -> None:
    """Bubbles rising."""
    for x, y, r in ((30, 78, 12), (62, 66, 15), (40, 44, 9), (70, 32, 8), (50, 18, 5), (26, 22, 4)):
        brush.ball(x, y, r, r, (206, 120, 62))
        brush.shine(x - r * 0.3, y - r * 0.4, r * 0.3, r * 0.26)


@motif
def seaweed(brush: Brush) -> None:
    for shift in (0, 8, 16):
        brush.shape([(10 + shift, 14 + shift), (78 + shift * 0.6, 8 + shift), (86, 72 + shift),
                     (16 + shift, 80 + shift * 0.6)], (36, 66, 48), smooth=False)  # fmt: skip
    for x, y in ((40, 40), (60, 54), (48, 70), (68, 34)):
        brush.disc(x, y, 1.4, 1.4, (230, 236, 220))


@motif
def tofu(brush: Brush) -> None:
    brush.shape([(8, 44), (56, 28), (92, 42), (44, 60)], (254, 252, 242), smooth=False)
    brush.shape([(8, 44), (44, 60), (44, 86), (8, 70)], (232, 226, 206), smooth=False)
    brush.shape([(44, 60), (92, 42), (92, 68), (44, 86)], (244, 240, 224), smooth=False)


@motif
def soy(brush: Brush) -> None:
    for x, y in ((30, 38), (58, 32), (44, 62), (74, 60)):
        brush.ball(x, y, 15, 14, (226, 200, 132))
    brush.leaf(50, 84, 40, -20)
    brush.leaf(50, 84, 36, -160)
