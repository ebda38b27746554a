from app.demo.packs.brush import GREEN, Brush, around, motif
from app.demo.packs.colours import Colour


@motif
def bubbles(brush: Brush) -> None:
    for x, y, r in ((34, 60, 24), (68, 44, 20), (46, 22, 13), (74, 78, 12), (22, 26, 8)):
        brush.ball(x, y, r, r, (176, 220, 244))
        brush.shine(x - r * 0.35, y - r * 0.4, r * 0.28, r * 0.2, 190)


@motif
def sparkle(brush: Brush) -> None:
    for x, y, r in ((44, 52, 38), (78, 22, 16), (80, 80, 12)):
        points = []
        for inner, outer in zip(around(x, y, r * 0.18, 4, 45), around(x, y, r, 4), strict=True):
            points += [outer, inner]
        brush.flat(points, (255, 255, 255), smooth=False)


@motif
def shirt(brush: Brush) -> None:
    brush.shape([(34, 12), (50, 22), (66, 12), (94, 30), (84, 50), (72, 42), (74, 92), (26, 92),
                 (28, 42), (16, 50), (6, 30)], (250, 250, 252), smooth=False)  # fmt: skip
    brush.stroke([(36, 13), (50, 24), (64, 13)], (200, 212, 226), 2)


@motif
def plate(brush: Brush) -> None:
    brush.ball(50, 52, 43, 41, (244, 248, 252))
    brush.ring(50, 52, 28, 27, (204, 216, 228), 2)
    brush.shine(34, 34, 8, 6, 180)


@motif
def flower(brush: Brush) -> None:
    for x, y in around(50, 50, 25, 7):
        brush.ball(x, y, 17, 17, (238, 150, 190))
    brush.ball(50, 50, 14, 14, (250, 204, 80))


@motif
def lavender(brush: Brush) -> None:
    for x in (28, 50, 72):
        brush.stroke([(50 + (x - 50) * 0.3, 98), (x, 30)], GREEN, 2.4)
        for y in range(10, 56, 9):
            for side in (-5, 5):
                brush.ball(x + side, y + 6, 6, 5.4, (142, 108, 186))


@motif
def tulip(brush: Brush) -> None:
    brush.stroke([(50, 50), (50, 98)], GREEN, 4)
    brush.leaf(50, 96, 46, -130)
    brush.leaf(50, 96, 46, -50)
    brush.shape([(30, 14), (40, 26), (50, 8), (60, 26), (70, 14), (72, 44), (50, 58), (28, 44)],
                (226, 52, 84))  # fmt: skip


@motif
def sunflower(brush: Brush) -> None:
    for turn in range(0, 360, 24):
        brush.leaf(50, 50, 46, turn, (250, 194, 40))
    brush.ball(50, 50, 19, 19, (106, 66, 36))


@motif
def olive_branch(brush: Brush) -> None:
    brush.stroke([(10, 84), (44, 52), (88, 14)], (110, 120, 70), 2.4)
    for x, y, turn in ((30, 66, -100), (46, 50, -100), (62, 36, -95), (38, 60, 10), (56, 44, 10)):
        brush.leaf(x, y, 28, turn, (128, 152, 96))
    brush.ball(66, 66, 12, 14, (98, 116, 48))


@motif
def aloe(brush: Brush) -> None:
    for turn, long in ((-160, 44), (-130, 60), (-100, 72), (-78, 74), (-50, 62), (-20, 46)):
        brush.leaf(50, 92, long, turn, (92, 170, 116))


@motif
def tooth(brush: Brush) -> None:
    brush.shape([(22, 16), (50, 24), (78, 16), (88, 40), (74, 70), (66, 94), (56, 64), (44, 64),
                 (34, 94), (26, 70), (12, 40)], (252, 253, 255))  # fmt: skip
    brush.shine(32, 36, 6, 10, 170)


@motif
def heart(brush: Brush) -> None:
    brush.shape([(50, 30), (66, 14), (90, 24), (88, 52), (50, 92), (12, 52), (10, 24), (34, 14)],
                (226, 66, 96))  # fmt: skip


@motif
def star(brush: Brush) -> None:
    points = []
    outline = zip(around(50, 53, 46, 5, -90), around(50, 53, 20, 5, -54), strict=True)
    for outer, inner in outline:
        points += [outer, inner]
    brush.shape(points, (250, 200, 70), smooth=False)


@motif
def moon(brush: Brush) -> None:
    brush.shape([(62, 8), (34, 24), (30, 54), (48, 82), (80, 86), (46, 98), (14, 74), (10, 38),
                 (32, 12)], (250, 216, 120))  # fmt: skip
    for x, y in ((70, 34), (84, 56), (62, 58)):
        brush.disc(x, y, 3, 3, (250, 226, 150))


@motif
def baby(brush: Brush) -> None:
    brush.ball(50, 54, 38, 37, (250, 214, 184))
    for x in (37, 63):
        brush.disc(x, 52, 3.4, 4, (70, 50, 44))
        brush.disc(x + (-6 if x < 50 else 6), 62, 5, 3.4, (246, 178, 164))
    brush.stroke([(42, 66), (50, 72), (58, 66)], (176, 92, 84), 2.4)
    brush.stroke([(48, 18), (54, 10), (60, 18), (52, 22)], (176, 122, 72), 3)


@motif
def snowflake(brush: Brush) -> None:
    for x, y in around(50, 50, 42, 6, 30):
        brush.stroke([(50, 50), (x, y)], (255, 255, 255), 4)
    for (x, y), side in zip(around(50, 50, 28, 6, 30), around(50, 50, 38, 6, 12), strict=True):
        brush.stroke([(x, y), side], (255, 255, 255), 3)
    for (x, y), side in zip(around(50, 50, 28, 6, 30), around(50, 50, 38, 6, 48), strict=True):
        brush.stroke([(x, y), side], (255, 255, 255), 3)


@motif
def flame(brush: Brush) -> None:
    brush.shape([(50, 4), (62, 26), (80, 48), (78, 78), (50, 96), (22, 78), (20, 54), (34, 40),
                 (38, 22)], (236, 92, 36))  # fmt: skip
    brush.shape([(50, 40), (62, 60), (62, 80), (50, 90), (38, 80), (38, 62)], (252, 206, 74))


@motif
def bulb(brush: Brush) -> None:
    brush.shape([(50, 6), (76, 18), (82, 44), (66, 66), (34, 66), (18, 44), (24, 18)],
                (254, 232, 140))  # fmt: skip
    brush.shape([(36, 68), (64, 68), (60, 92), (40, 92)], (166, 172, 180), smooth=False)


@motif
def battery(brush: Brush) -> None:
    brush.shape([(30, 18), (70, 18), (70, 92), (30, 92)], (60, 62, 70), smooth=False)
    brush.shape([(30, 18), (70, 18), (70, 40), (30, 40)], (206, 156, 74), smooth=False)
    brush.shape([(42, 8), (58, 8), (58, 18), (42, 18)], (190, 196, 204), smooth=False)
    brush.flat([(54, 46), (38, 68), (50, 68), (45, 86), (62, 62), (50, 62)], (250, 214, 80),
               smooth=False)  # fmt: skip


@motif
def sponge(brush: Brush) -> None:
    brush.shape([(8, 40), (92, 40), (92, 64), (8, 64)], (250, 206, 80), smooth=False)
    brush.shape([(8, 64), (92, 64), (92, 76), (8, 76)], (72, 140, 90), smooth=False)
    for x, y in ((20, 48), (36, 56), (52, 47), (68, 56), (84, 48)):
        brush.disc(x, y, 3, 2.6, (224, 170, 50))


@motif
def roll(brush: Brush) -> None:
    white: Colour = (250, 250, 250)
    brush.shape([(20, 28), (80, 28), (80, 84), (20, 84)], white, smooth=False)
    brush.ball(50, 28, 30, 11, (240, 242, 246))
    brush.disc(50, 28, 10, 4, (190, 164, 130))


@motif
def razor(brush: Brush) -> None:
    brush.stroke([(50, 34), (50, 92)], (60, 110, 170), 9)
    brush.shape([(20, 12), (80, 12), (80, 32), (20, 32)], (200, 206, 214), smooth=False)
    for y in (17, 22, 27):
        brush.stroke([(24, y), (76, y)], (120, 130, 144), 1.6)


@motif
def plaster(brush: Brush) -> None:
    brush.shape([(8, 66), (66, 8), (92, 32), (34, 92)], (238, 194, 152), smooth=True)
    brush.flat([(36, 52), (52, 36), (66, 50), (50, 66)], (250, 226, 200), smooth=False)
