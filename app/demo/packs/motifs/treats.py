from app.demo.packs.brush import Brush, around, motif
from app.demo.packs.colours import Colour, lighter

COCOA: Colour = (92, 54, 36)


@motif
def bread(brush: Brush) -> None:
    brush.shape([(10, 44), (16, 26), (40, 18), (66, 18), (88, 28), (92, 46), (86, 56), (86, 82),
                 (16, 82), (16, 56)], (196, 128, 62))  # fmt: skip
    for x in (32, 50, 68):
        brush.stroke([(x - 8, 26), (x + 6, 40)], (232, 184, 116), 3.4)


@motif
def slices(brush: Brush) -> None:
    for shift in (14, 7, 0):
        brush.shape([(10 + shift, 40), (14 + shift, 22), (44 + shift, 16), (72 + shift, 22),
                     (78 + shift, 40), (72 + shift, 50), (72 + shift, 84), (16 + shift, 84),
                     (16 + shift, 50)], (186, 122, 62))  # fmt: skip
    brush.flat([(14, 40), (18, 26), (44, 20), (69, 26), (74, 40), (68, 50), (68, 80), (20, 80),
                (20, 50)], (244, 220, 172))  # fmt: skip


@motif
def croissant(brush: Brush) -> None:
    brush.shape([(6, 72), (14, 46), (36, 26), (64, 26), (86, 46), (94, 72), (80, 76), (68, 60),
                 (50, 54), (32, 60), (20, 76)], (216, 146, 66))  # fmt: skip
    for path in ([(34, 28), (38, 56)], [(50, 24), (50, 54)], [(66, 28), (62, 56)],
                 [(18, 44), (28, 64)], [(82, 44), (72, 64)]):  # fmt: skip
        brush.stroke(path, (166, 98, 38), 2)


@motif
def bun(brush: Brush) -> None:
    brush.ball(50, 56, 44, 32, (214, 150, 78))
    for x, y in ((36, 40), (50, 34), (64, 40), (44, 50), (58, 50)):
        brush.disc(x, y, 2.6, 1.6, (250, 236, 200))


@motif
def cookie(brush: Brush) -> None:
    brush.ball(50, 52, 42, 40, (214, 160, 92))
    for x, y in ((34, 38), (60, 32), (70, 56), (46, 58), (34, 72), (62, 76)):
        brush.ball(x, y, 6, 5, COCOA)


@motif
def waffle(brush: Brush) -> None:
    brush.ball(50, 52, 43, 41, (214, 150, 68))
    for shift in range(-32, 40, 12):
        brush.stroke([(50 + shift, 20 + abs(shift) * 0.3), (50 + shift, 84 - abs(shift) * 0.3)],
                     (168, 104, 40), 2)  # fmt: skip
        brush.stroke([(18 + abs(shift) * 0.3, 52 + shift), (82 - abs(shift) * 0.3, 52 + shift)],
                     (168, 104, 40), 2)  # fmt: skip


@motif
def biscuit(brush: Brush) -> None:
    brush.shape(around(50, 52, 40, 24), (232, 190, 120))
    brush.ring(50, 52, 32, 32, (202, 152, 84), 1.6)
    for x, y in around(50, 52, 18, 6) + [(50, 52)]:
        brush.disc(x, y, 2, 2, (176, 124, 62))


@motif
def cake(brush: Brush) -> None:
    brush.shape([(12, 46), (88, 46), (82, 88), (18, 88)], (226, 170, 92), smooth=False)
    brush.shape([(8, 46), (20, 30), (50, 22), (80, 30), (92, 46), (78, 52), (62, 47), (46, 53),
                 (30, 47), (16, 53)], (120, 70, 44))  # fmt: skip
    brush.ball(50, 20, 8, 8, (206, 36, 52))


@motif
def chocolate(brush: Brush) -> None:
    _chocolate(brush, COCOA)


@motif
def white_chocolate(brush: Brush) -> None:
    _chocolate(brush, (244, 226, 186))


@motif
def milk_chocolate(brush: Brush) -> None:
    _chocolate(brush, (134, 84, 54))


def _chocolate(brush: Brush, colour: Colour) -> None:
    for row in range(3):
        for column in range(3):
            x, y = 10 + column * 27 + row * 1.5, 12 + row * 27
            brush.shape([(x, y), (x + 25, y), (x + 25, y + 25), (x, y + 25)], colour, smooth=False)
            brush.shape([(x + 5, y + 5), (x + 20, y + 5), (x + 20, y + 20), (x + 5, y + 20)],
                        lighter(colour, 0.12), smooth=False)  # fmt: skip


@motif
def candy(brush: Brush) -> None:
    brush.shape([(30, 50), (6, 30), (10, 50), (6, 70)], (232, 90, 120))
    brush.shape([(70, 50), (94, 30), (90, 50), (94, 70)], (232, 90, 120))
    brush.ball(50, 50, 27, 25, (240, 110, 140))
    brush.stroke([(36, 34), (52, 50), (44, 72)], (255, 226, 232), 5)
    brush.stroke([(54, 28), (68, 46), (62, 66)], (255, 226, 232), 5)


@motif
def gummies(brush: Brush) -> None:
    colours: list[Colour] = [(226, 50, 60), (246, 180, 40), (90, 170, 80), (238, 120, 40)]
    for index, (x, y) in enumerate(((30, 32), (66, 28), (36, 70), (72, 66))):
        brush.ball(x, y, 18, 17, colours[index])
        brush.shine(x - 6, y - 7, 6, 4)


@motif
def liquorice(brush: Brush) -> None:
    for x, y in ((32, 34), (68, 38), (46, 68), (78, 74), (20, 74)):
        brush.ball(x, y, 16, 13, (44, 40, 44))
        brush.shine(x - 5, y - 5, 6, 3, 90)


@motif
def honey(brush: Brush) -> None:
    for x, y in ((36, 30), (64, 30), (22, 54), (50, 54), (78, 54), (36, 78), (64, 78)):
        brush.shape(around(x, y, 15, 6, 30), (242, 174, 40), smooth=False)


@motif
def crisps(brush: Brush) -> None:
    for x, y, r in ((34, 36, 26), (66, 46, 27), (44, 72, 25)):
        brush.shape([(x - r, y), (x, y - r * 0.8), (x + r, y - 4), (x + r * 0.7, y + r * 0.6),
                     (x - r * 0.6, y + r * 0.7)], (246, 204, 92))  # fmt: skip
        brush.stroke([(x - r * 0.5, y - 2), (x, y + 4), (x + r * 0.6, y - 2)], (222, 168, 60), 1.4)


@motif
def tortilla_chips(brush: Brush) -> None:
    for x, y in ((36, 36), (64, 52), (38, 74)):
        brush.shape([(x - 26, y + 16), (x, y - 24), (x + 27, y + 15)], (236, 184, 76), smooth=False)


@motif
def popcorn(brush: Brush) -> None:
    for x, y in ((30, 34), (56, 26), (74, 48), (44, 56), (24, 66), (62, 76)):
        for px, py in around(x, y, 8, 4):
            brush.ball(px, py, 9, 9, (254, 246, 220))
        brush.disc(x, y, 4, 4, (244, 210, 120))


@motif
def caramel(brush: Brush) -> None:
    for x, y in ((32, 36), (62, 32), (46, 66)):
        brush.shape([(x - 18, y - 14), (x + 18, y - 14), (x + 18, y + 16), (x - 18, y + 16)],
                    (204, 124, 48), smooth=False)  # fmt: skip
        brush.shine(x - 6, y - 8, 9, 3, 90)


@motif
def sugar(brush: Brush) -> None:
    for x, y in ((24, 60), (54, 60), (39, 30)):
        brush.shape([(x, y), (x + 26, y), (x + 26, y + 26), (x, y + 26)], (254, 252, 250),
                    smooth=False)  # fmt: skip
        brush.flat([(x, y), (x + 7, y - 7), (x + 33, y - 7), (x + 26, y)], (236, 240, 246),
                   smooth=False)  # fmt: skip
