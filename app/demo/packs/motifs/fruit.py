from app.demo.packs.brush import DEEP_GREEN, GREEN, STALK, Brush, around, motif
from app.demo.packs.colours import Colour, darker, lighter


def _apple(brush: Brush, colour: Colour) -> None:
    brush.shape(
        [(50, 30), (68, 22), (88, 34), (90, 58), (76, 86), (60, 93), (50, 89),
         (40, 93), (24, 86), (10, 58), (12, 34), (32, 22)],
        colour,
    )  # fmt: skip
    brush.disc(50, 30, 10, 3.4, darker(colour, 0.4))
    brush.stroke([(50, 31), (51, 20), (57, 10)], STALK, 4)
    brush.leaf(53, 20, 30, -18)
    brush.shine(32, 42, 8, 12, 90)


@motif
def apple(brush: Brush) -> None:
    _apple(brush, (204, 38, 45))


@motif
def green_apple(brush: Brush) -> None:
    _apple(brush, (142, 187, 58))


@motif
def pear(brush: Brush) -> None:
    brush.shape(
        [(50, 14), (60, 22), (65, 40), (82, 60), (80, 84), (62, 95), (50, 96),
         (38, 95), (20, 84), (18, 60), (35, 40), (40, 22)],
        (190, 196, 66),
    )  # fmt: skip
    brush.stroke([(50, 15), (52, 4)], STALK, 4)
    brush.leaf(52, 9, 26, 10)


@motif
def nashi(brush: Brush) -> None:
    brush.ball(50, 56, 42, 38, (217, 168, 82))
    for x, y in around(50, 56, 22, 7) + around(52, 58, 33, 11, 12):
        brush.disc(x, y, 1, 1, (238, 204, 136))
    brush.stroke([(50, 20), (54, 6)], STALK, 4)


def _round_citrus(brush: Brush, colour: Colour, leaf: bool = True) -> None:
    brush.ball(50, 54, 42, 41, colour)
    for x, y in around(46, 52, 24, 9) + around(52, 56, 34, 13, 9):
        brush.disc(x, y, 0.9, 0.9, darker(colour, 0.14))
    brush.disc(50, 17, 4, 2.4, DEEP_GREEN)
    if leaf:
        brush.leaf(50, 17, 34, -20, DEEP_GREEN)


@motif
def orange(brush: Brush) -> None:
    _round_citrus(brush, (243, 140, 28))


@motif
def mandarin(brush: Brush) -> None:
    brush.ball(50, 58, 44, 35, (244, 121, 27))
    brush.disc(50, 26, 4, 2.4, DEEP_GREEN)
    brush.leaf(50, 26, 32, -22, DEEP_GREEN)


@motif
def grapefruit(brush: Brush) -> None:
    _round_citrus(brush, (244, 150, 96), leaf=False)


def _slice(brush: Brush, rind: Colour, flesh: Colour) -> None:
    brush.disc(50, 50, 44, 44, rind)
    brush.disc(50, 50, 39, 39, lighter(flesh, 0.75))
    for turn in range(0, 360, 45):
        one, other = around(50, 50, 35, 2, turn + 5)[0], around(50, 50, 35, 2, turn + 40)[0]
        middle = around(50, 50, 37, 2, turn + 22)[0]
        brush.shape([(50, 50), one, middle, other], flesh, smooth=False)


@motif
def orange_slice(brush: Brush) -> None:
    _slice(brush, (243, 140, 28), (250, 165, 52))


@motif
def lemon_slice(brush: Brush) -> None:
    _slice(brush, (248, 208, 44), (252, 226, 94))


@motif
def lime_slice(brush: Brush) -> None:
    _slice(brush, (98, 160, 48), (182, 212, 92))


def _lemon(brush: Brush, colour: Colour) -> None:
    brush.shape(
        [(4, 52), (14, 46), (28, 26), (52, 18), (78, 28), (88, 46), (96, 50),
         (88, 58), (76, 78), (50, 86), (26, 78), (13, 60)],
        colour,
    )  # fmt: skip
    brush.shine(38, 38, 10, 6, 90)


@motif
def lemon(brush: Brush) -> None:
    _lemon(brush, (250, 214, 50))


@motif
def lime(brush: Brush) -> None:
    _lemon(brush, (112, 168, 52))


@motif
def banana(brush: Brush) -> None:
    for drop, colour in ((0, (238, 190, 40)), (9, (250, 212, 62)), (18, (252, 222, 88))):
        brush.shape(
            [(16, 12), (22, 12), (26, 34 + drop * 0.6), (46, 54 + drop * 0.8), (86, 58 + drop),
             (92, 62 + drop), (84, 70 + drop), (52, 74 + drop), (22, 54 + drop), (14, 30)],
            colour,
        )  # fmt: skip
    brush.shape([(15, 4), (23, 4), (24, 16), (15, 16)], (120, 96, 46), smooth=False)
    brush.disc(91, 80, 3.5, 3, (92, 74, 40))


@motif
def strawberry(brush: Brush) -> None:
    brush.shape(
        [(50, 26), (72, 22), (90, 36), (84, 62), (64, 88), (50, 96), (36, 88), (16, 62),
         (10, 36), (28, 22)],
        (214, 32, 48),
    )  # fmt: skip
    rows = ((38, (24, 38, 52, 66, 78)), (51, (22, 36, 50, 64, 76)), (64, (32, 46, 59, 70)),
            (77, (42, 54, 63)))  # fmt: skip
    for y, places in rows:
        for x in places:
            brush.disc(x, y, 1.5, 2.3, (252, 214, 120))
    for turn in (-170, -135, -90, -45, -10):
        brush.leaf(50, 27, 30, turn)
    brush.leaf(48, 25, 26, 160)
    brush.leaf(52, 25, 26, 20)


@motif
def raspberry(brush: Brush) -> None:
    rows = ((34, (26, 42, 58, 74)), (48, (20, 35, 50, 65, 80)), (62, (27, 42, 58, 73)),
            (75, (35, 50, 65)), (87, (43, 57)))  # fmt: skip
    for y, places in rows:
        for x in places:
            brush.ball(x, y, 10, 10, (206, 42, 82))
    for turn in (-160, -110, -70, -20):
        brush.leaf(50, 27, 26, turn)


@motif
def blueberry(brush: Brush) -> None:
    for x, y in ((32, 42), (66, 36), (50, 68)):
        brush.ball(x, y, 25, 24, (62, 78, 142))
        brush.disc(x + 2, y - 8, 7, 5, (38, 48, 98))
        brush.shine(x - 8, y - 6, 4, 6, 60)
    brush.leaf(76, 70, 24, 30)


@motif
def blackcurrant(brush: Brush) -> None:
    brush.stroke([(50, 4), (50, 80)], GREEN, 2.4)
    for x, y in ((38, 26), (62, 30), (32, 48), (66, 52), (48, 40), (40, 68), (60, 72), (50, 88)):
        brush.ball(x, y, 13, 13, (58, 36, 74))
        brush.shine(x - 4, y - 4, 3, 3)
    brush.leaf(50, 8, 34, 20)


@motif
def cherry(brush: Brush) -> None:
    brush.stroke([(30, 62), (42, 34), (64, 8)], GREEN, 3)
    brush.stroke([(72, 66), (72, 34), (64, 8)], GREEN, 3)
    brush.ball(29, 72, 23, 22, (178, 20, 46))
    brush.ball(73, 74, 21, 20, (192, 26, 50))
    brush.shine(22, 64, 5, 4)
    brush.shine(66, 67, 5, 4)
    brush.leaf(64, 9, 34, 35)


def _grapes(brush: Brush, colour: Colour) -> None:
    brush.stroke([(50, 24), (54, 4)], STALK, 4)
    rows = ((30, (24, 41, 58, 75)), (44, (31, 49, 67)), (57, (38, 56, 70)), (70, (44, 60)),
            (84, (52,)))  # fmt: skip
    for y, places in rows:
        for x in places:
            brush.ball(x, y, 11, 11, colour)
            brush.shine(x - 3, y - 4, 2.4, 2.4)
    brush.leaf(52, 15, 36, -160)


@motif
def grapes(brush: Brush) -> None:
    _grapes(brush, (110, 52, 120))


@motif
def white_grapes(brush: Brush) -> None:
    _grapes(brush, (170, 196, 84))


@motif
def peach(brush: Brush) -> None:
    brush.ball(50, 56, 42, 40, (246, 152, 98))
    brush.shine(64, 62, 22, 26, 28)
    brush.stroke([(52, 17), (42, 36), (40, 62), (46, 80)], (214, 104, 72), 2)
    brush.leaf(52, 17, 36, -12)


@motif
def plum(brush: Brush) -> None:
    brush.ball(50, 56, 36, 40, (92, 44, 96))
    brush.stroke([(52, 17), (44, 40), (45, 76)], (66, 28, 72), 2)
    brush.shine(36, 42, 7, 12, 70)


@motif
def mango(brush: Brush) -> None:
    brush.shape(
        [(24, 26), (52, 14), (82, 30), (90, 60), (72, 86), (42, 90), (16, 70), (12, 44)],
        (245, 166, 48),
    )
    brush.shine(62, 64, 22, 18, 26)
    brush.leaf(28, 24, 30, -30)


@motif
def pineapple(brush: Brush) -> None:
    for turn, long in ((-150, 24), (-125, 30), (-90, 34), (-55, 30), (-30, 24)):
        brush.leaf(50, 36, long, turn, DEEP_GREEN)
    brush.ball(50, 66, 26, 32, (224, 164, 48))
    for shift in range(-40, 50, 11):
        brush.stroke([(max(26, 50 + shift - 16), 50), (min(74, 50 + shift + 16), 84)],
                     (176, 116, 36), 1.1)  # fmt: skip
        brush.stroke([(min(74, 50 + shift + 16), 50), (max(26, 50 + shift - 16), 84)],
                     (176, 116, 36), 1.1)  # fmt: skip


@motif
def coconut(brush: Brush) -> None:
    brush.ball(48, 54, 40, 38, (112, 72, 44))
    brush.disc(54, 56, 31, 29, (236, 226, 210))
    brush.ball(54, 58, 25, 23, (250, 248, 244))


@motif
def kiwi(brush: Brush) -> None:
    brush.ball(50, 52, 42, 38, (126, 92, 52))
    brush.disc(52, 53, 37, 33, (142, 184, 60))
    brush.disc(52, 53, 12, 11, (236, 236, 196))
    for x, y in around(52, 53, 18, 16):
        brush.disc(x, y, 1.4, 1.9, (40, 40, 30))


@motif
def melon(brush: Brush) -> None:
    brush.ball(50, 54, 42, 40, (120, 162, 66))
    for shift in (-26, -13, 0, 13, 26):
        brush.stroke([(50, 15), (50 + shift * 1.4, 54), (50, 93)], (84, 128, 50), 2)


@motif
def watermelon(brush: Brush) -> None:
    brush.flat([(6, 40), (94, 40), (80, 74), (50, 88), (20, 74)], (48, 120, 60))
    brush.flat([(12, 42), (88, 42), (75, 71), (50, 82), (25, 71)], (222, 236, 200))
    brush.shape([(16, 42), (84, 42), (72, 68), (50, 78), (28, 68)], (230, 66, 72))
    for x, y in ((34, 50), (50, 54), (66, 50), (42, 64), (58, 64)):
        brush.disc(x, y, 1.8, 2.8, (52, 30, 28))


@motif
def yuzu(brush: Brush) -> None:
    _round_citrus(brush, (246, 206, 58))


@motif
def dates(brush: Brush) -> None:
    for x, y in ((34, 40), (62, 44), (48, 68)):
        brush.ball(x, y, 24, 14, (124, 64, 34))
        brush.shine(x - 6, y - 5, 8, 2.4, 80)


@motif
def avocado(brush: Brush) -> None:
    brush.shape([(50, 8), (64, 20), (82, 54), (76, 84), (50, 96), (24, 84), (18, 54), (36, 20)],
                (52, 78, 44))  # fmt: skip
    brush.flat([(50, 15), (61, 25), (76, 56), (70, 80), (50, 90), (30, 80), (24, 56), (39, 25)],
               (214, 218, 122))  # fmt: skip
    brush.ball(50, 66, 15, 15, (120, 76, 42))
