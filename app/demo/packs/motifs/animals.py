from app.demo.packs.brush import Brush, motif
from app.demo.packs.colours import Colour, darker, lighter

DARK: Colour = (48, 40, 44)


@motif
def cow(brush: Brush) -> None:
    brush.ball(22, 34, 15, 8, (214, 178, 150))
    brush.ball(78, 34, 15, 8, (214, 178, 150))
    brush.stroke([(34, 22), (30, 10)], (214, 196, 160), 5)
    brush.stroke([(66, 22), (70, 10)], (214, 196, 160), 5)
    brush.shape([(34, 18), (66, 18), (74, 42), (68, 70), (50, 80), (32, 70), (26, 42)],
                (250, 248, 244))  # fmt: skip
    brush.flat([(56, 18), (68, 20), (74, 42), (66, 52), (56, 44)], DARK)
    brush.shape([(30, 66), (50, 60), (70, 66), (72, 82), (50, 92), (28, 82)], (238, 176, 168))
    for x in (40, 60):
        brush.disc(x, 44, 4, 5, (40, 32, 34) if x == 40 else (250, 250, 250))
        brush.disc(x, 45, 2.6, 3.4, (20, 16, 20))
        brush.disc(x + (2 if x == 60 else -2), 76, 3.4, 4, (186, 110, 108))


@motif
def sheep(brush: Brush) -> None:
    for x, y in ((28, 44), (50, 34), (72, 44), (34, 62), (66, 62), (50, 58)):
        brush.ball(x, y, 19, 17, (250, 246, 236))
    brush.ball(50, 62, 15, 18, (88, 74, 70))
    brush.disc(44, 58, 2, 2.6, (250, 250, 250))
    brush.disc(56, 58, 2, 2.6, (250, 250, 250))


@motif
def hen(brush: Brush) -> None:
    brush.shape([(14, 44), (30, 56), (50, 50), (62, 24), (76, 22), (80, 40), (78, 70), (54, 88),
                 (28, 80)], (232, 190, 134))  # fmt: skip
    for x in (62, 69, 76):
        brush.ball(x, 20, 5, 6, (210, 42, 40))
    brush.shape([(78, 32), (90, 37), (78, 42)], (240, 170, 40), smooth=False)
    brush.disc(71, 33, 2.4, 2.6, DARK)
    brush.shape([(34, 60), (54, 58), (60, 70), (44, 78)], (206, 156, 98))
    for x in (46, 56):
        brush.stroke([(x, 86), (x, 97)], (236, 160, 40), 2.6)


@motif
def pig(brush: Brush) -> None:
    brush.shape([(24, 18), (38, 24), (62, 24), (76, 18), (78, 34), (86, 56), (68, 84), (50, 88),
                 (32, 84), (14, 56), (22, 34)], (244, 178, 172))  # fmt: skip
    brush.ball(50, 62, 19, 14, (232, 148, 146))
    for x in (43, 57):
        brush.disc(x, 62, 3.6, 5, (176, 92, 96))
    for x in (35, 65):
        brush.disc(x, 44, 3, 3.6, DARK)


@motif
def fish(brush: Brush) -> None:
    _fish(brush, (94, 142, 178))


@motif
def salmon(brush: Brush) -> None:
    _fish(brush, (238, 132, 104))


def _fish(brush: Brush, colour: Colour) -> None:
    brush.shape([(72, 50), (96, 30), (92, 50), (96, 70)], darker(colour, 0.2))
    brush.shape([(40, 34), (56, 18), (64, 36)], darker(colour, 0.2))
    brush.shape([(4, 52), (22, 36), (50, 30), (80, 48), (80, 54), (50, 70), (22, 66)], colour)
    brush.flat([(10, 56), (40, 64), (76, 54), (50, 69), (22, 65)], lighter(colour, 0.6))
    brush.disc(20, 48, 4, 4, (255, 255, 255))
    brush.disc(20, 48, 2, 2, DARK)
    brush.stroke([(32, 38), (36, 50), (32, 62)], darker(colour, 0.25), 1.6)


@motif
def tuna(brush: Brush) -> None:
    _fish(brush, (62, 88, 128))


@motif
def shrimp(brush: Brush) -> None:
    brush.stroke([(78, 24), (40, 20), (20, 44), (28, 72), (60, 80)], (240, 132, 96), 17)
    brush.stroke([(74, 20), (42, 17), (18, 42)], (250, 178, 148), 4)
    for x, y in ((40, 22), (24, 36), (24, 58), (38, 74)):
        brush.stroke([(x - 7, y - 5), (x + 7, y + 6)], (214, 98, 68), 1.6)
    brush.shape([(58, 74), (84, 66), (76, 80), (86, 92)], (240, 132, 96))
    brush.disc(74, 22, 2.4, 2.4, DARK)
    brush.stroke([(80, 22), (94, 40), (90, 60)], (214, 98, 68), 1.4)


@motif
def mussel(brush: Brush) -> None:
    brush.shape([(12, 84), (20, 40), (60, 12), (90, 30), (70, 70)], (46, 50, 78))
    brush.stroke([(18, 80), (34, 48), (66, 26)], (100, 108, 146), 2.4)
    brush.stroke([(22, 80), (44, 58), (76, 36)], (100, 108, 146), 2)


@motif
def cat(brush: Brush) -> None:
    brush.shape([(16, 10), (36, 26), (64, 26), (84, 10), (88, 50), (74, 82), (50, 90), (26, 82),
                 (12, 50)], (240, 172, 92))  # fmt: skip
    for x in (34, 66):
        brush.disc(x, 50, 7, 8, (150, 186, 92))
        brush.disc(x, 50, 2.4, 7, DARK)
    brush.flat([(45, 63), (55, 63), (50, 70)], (222, 110, 110), smooth=False)
    for turn in (-1, 1):
        for y in (66, 72):
            brush.stroke([(50 + turn * 14, y), (50 + turn * 40, y - 4 + (y - 66))],
                         (255, 250, 240), 1.2)  # fmt: skip


@motif
def dog(brush: Brush) -> None:
    brush.shape([(28, 18), (72, 18), (80, 50), (66, 86), (50, 92), (34, 86), (20, 50)],
                (206, 156, 102))  # fmt: skip
    for side in (-1, 1):
        brush.shape([(50 + side * 20, 16), (50 + side * 40, 22), (50 + side * 42, 58),
                     (50 + side * 28, 50)], (132, 88, 54))  # fmt: skip
        brush.disc(50 + side * 14, 46, 4, 5, DARK)
    brush.ball(50, 70, 18, 15, (244, 228, 206))
    brush.ball(50, 62, 7, 5, DARK)
    brush.stroke([(50, 66), (50, 74)], DARK, 1.6)


@motif
def rabbit(brush: Brush) -> None:
    for x in (38, 62):
        brush.ball(x, 26, 9, 24, (226, 206, 190))
        brush.disc(x, 28, 4, 17, (240, 180, 176))
    brush.ball(50, 66, 30, 27, (232, 214, 198))
    for x in (40, 60):
        brush.disc(x, 60, 3.4, 4, DARK)
    brush.disc(50, 70, 3.4, 2.6, (222, 120, 124))


@motif
def bird(brush: Brush) -> None:
    brush.shape([(10, 58), (36, 40), (52, 20), (72, 22), (80, 40), (66, 70), (38, 76)],
                (104, 160, 200))  # fmt: skip
    brush.shape([(34, 50), (58, 46), (48, 68)], (70, 120, 166))
    brush.flat([(76, 30), (90, 34), (77, 38)], (240, 170, 40), smooth=False)
    brush.disc(68, 32, 2.6, 2.6, DARK)


@motif
def bee(brush: Brush) -> None:
    for x in (40, 58):
        brush.ball(x, 32, 12, 18, (220, 234, 244))
    brush.ball(50, 58, 32, 22, (246, 192, 46))
    for x in (38, 52, 66):
        brush.stroke([(x, 40), (x + 3, 58), (x, 76)], DARK, 5)
    brush.disc(24, 54, 2.6, 3, DARK)


@motif
def paw(brush: Brush) -> None:
    for x, y in ((22, 46), (40, 26), (62, 26), (80, 46)):
        brush.ball(x, y, 10, 13, (148, 106, 78))
    brush.shape([(50, 46), (70, 62), (74, 82), (50, 80), (26, 82), (30, 62)], (148, 106, 78))


@motif
def duck(brush: Brush) -> None:
    brush.shape([(10, 56), (30, 62), (48, 54), (48, 30), (64, 18), (78, 32), (72, 52), (82, 72),
                 (56, 88), (24, 82)], (250, 208, 70))  # fmt: skip
    brush.shape([(76, 30), (94, 36), (77, 42)], (238, 126, 40))
    brush.disc(66, 31, 3, 3.4, DARK)
    brush.shape([(30, 66), (54, 62), (50, 78)], (238, 184, 48))
