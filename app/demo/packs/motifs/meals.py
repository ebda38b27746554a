from app.demo.packs.brush import GREEN, Brush, around, motif
from app.demo.packs.colours import Colour, darker, lighter


def _bowl(brush: Brush, soup: Colour, china: Colour) -> None:
    brush.shape([(6, 46), (94, 46), (84, 76), (62, 92), (38, 92), (16, 76)], china)
    brush.disc(50, 46, 45, 13, darker(china, 0.25))
    brush.disc(50, 47, 41, 10.5, soup)


@motif
def ramen(brush: Brush) -> None:
    _bowl(brush, (216, 96, 44), (40, 38, 44))
    for shift in range(-24, 26, 6):
        brush.stroke([(50 + shift - 8, 48), (50 + shift, 42), (50 + shift + 8, 48)],
                     (250, 214, 126), 2.6)  # fmt: skip
    brush.disc(68, 45, 11, 6.5, (254, 250, 238))
    brush.disc(68, 45, 6, 3.8, (248, 168, 40))
    for x, y in ((30, 44), (38, 50), (46, 43)):
        brush.ring(x, y, 3.6, 2.2, GREEN, 1.6)
    brush.stroke([(58, 40), (88, 4)], (166, 110, 62), 3)
    brush.stroke([(64, 40), (95, 8)], (166, 110, 62), 3)


@motif
def noodles(brush: Brush) -> None:
    _bowl(brush, (240, 206, 130), (190, 40, 44))
    for shift in range(-28, 30, 5):
        brush.stroke([(50 + shift - 6, 50), (50 + shift, 38), (50 + shift + 6, 50)],
                     (252, 226, 152), 2.4)  # fmt: skip
    brush.stroke([(54, 42), (84, 4)], (120, 74, 44), 3)
    brush.stroke([(60, 42), (92, 8)], (120, 74, 44), 3)


@motif
def black_noodles(brush: Brush) -> None:
    _bowl(brush, (54, 36, 30), (244, 240, 232))
    for shift in range(-28, 30, 5):
        brush.stroke([(50 + shift - 6, 50), (50 + shift, 39), (50 + shift + 6, 50)],
                     (86, 56, 40), 2.6)  # fmt: skip
    for x, y in ((36, 42), (60, 44)):
        brush.disc(x, y, 4, 2.6, (130, 178, 80))


@motif
def soup(brush: Brush) -> None:
    _bowl(brush, (222, 92, 48), (248, 244, 236))
    brush.shape([(42, 46), (50, 42), (60, 46), (50, 50)], (250, 240, 220))
    brush.leaf(50, 46, 14, -30)


@motif
def green_soup(brush: Brush) -> None:
    _bowl(brush, (132, 156, 66), (248, 244, 236))
    for x, y in ((38, 45), (52, 49), (62, 44)):
        brush.disc(x, y, 4, 2.4, (214, 124, 92))


@motif
def curry(brush: Brush) -> None:
    _bowl(brush, (206, 138, 42), (58, 86, 92))
    for x, y in ((34, 44), (50, 48), (64, 44)):
        brush.ball(x, y, 6, 4, (238, 176, 84))
    brush.leaf(50, 42, 14, -20)


@motif
def salad(brush: Brush) -> None:
    for x, y in ((28, 38), (48, 30), (70, 38), (40, 44), (60, 46)):
        brush.ball(x, y, 17, 13, (120, 176, 68))
    for x, y in ((34, 34), (58, 34), (72, 44)):
        brush.ball(x, y, 7, 7, (218, 52, 44))
    brush.shape([(8, 48), (92, 48), (80, 80), (60, 92), (40, 92), (20, 80)], (240, 236, 226))


@motif
def porridge(brush: Brush) -> None:
    _bowl(brush, (250, 244, 228), (92, 130, 170))
    for x, y in ((40, 44), (54, 48), (62, 42)):
        brush.ball(x, y, 5, 4, (62, 78, 142))


@motif
def cereal(brush: Brush) -> None:
    _bowl(brush, (252, 250, 244), (234, 118, 60))
    for x, y in ((28, 45), (40, 42), (52, 46), (64, 42), (74, 46), (46, 50), (60, 50)):
        brush.ball(x, y, 6, 4, (226, 168, 76))


@motif
def kimchi(brush: Brush) -> None:
    for x, y in ((28, 46), (50, 36), (72, 46), (38, 62), (62, 62)):
        brush.shape([(x - 20, y), (x - 6, y - 14), (x + 16, y - 8), (x + 18, y + 8), (x - 4, y + 12)],
                    (226, 92, 52))  # fmt: skip
        brush.stroke([(x - 14, y), (x + 12, y)], (250, 214, 160), 2.4)
    for x, y in ((36, 40), (60, 44), (50, 60), (70, 60)):
        brush.disc(x, y, 2, 2, (176, 24, 26))
    brush.shape([(8, 64), (92, 64), (78, 90), (22, 90)], (246, 244, 238))


@motif
def tteokbokki(brush: Brush) -> None:
    _bowl(brush, (206, 52, 34), (250, 246, 240))
    for x, y in ((32, 44), (46, 48), (60, 43), (70, 48)):
        brush.shape(
            [(x - 9, y - 3), (x + 7, y - 5), (x + 9, y + 1), (x - 7, y + 4)], (240, 118, 78)
        )


@motif
def mandu(brush: Brush) -> None:
    for x, y in ((32, 42), (68, 42), (50, 68)):
        brush.shape([(x - 26, y + 8), (x - 12, y - 14), (x + 12, y - 14), (x + 26, y + 8),
                     (x, y + 17)], (246, 226, 186))  # fmt: skip
        for part in (-12, -4, 4, 12):
            brush.stroke([(x + part, y - 14), (x + part * 0.8, y - 5)], (208, 176, 124), 1.6)


@motif
def gimbap(brush: Brush) -> None:
    for x, y in ((34, 40), (66, 58)):
        brush.ball(x, y, 29, 28, (34, 50, 42))
        brush.disc(x, y, 25, 24, (252, 250, 242))
        fillings: list[Colour] = [(240, 140, 40), (90, 160, 70), (248, 208, 80), (226, 100, 100)]
        for index, (px, py) in enumerate(around(x, y, 9, 4, 45)):
            brush.disc(px, py, 7, 7, fillings[index])


@motif
def pizza(brush: Brush) -> None:
    brush.ball(50, 52, 44, 42, (222, 164, 84))
    brush.disc(50, 52, 37, 35, (250, 210, 110))
    for x, y in ((36, 40), (60, 34), (68, 58), (44, 66)):
        brush.disc(x, y, 7, 7, (196, 48, 40))
    for x, y in ((50, 48), (30, 56), (58, 72)):
        brush.leaf(x, y, 11, 30)


@motif
def fries(brush: Brush) -> None:
    for index, x in enumerate((26, 34, 42, 50, 58, 66, 74)):
        top = (10, 22, 6, 16, 8, 20, 12)[index]
        brush.shape([(x - 4, top), (x + 4, top), (x + 3, 70), (x - 3, 70)], (248, 204, 86),
                    smooth=False)  # fmt: skip
    brush.shape([(18, 46), (50, 56), (82, 46), (74, 94), (26, 94)], (206, 44, 48), smooth=False)


@motif
def croquette(brush: Brush) -> None:
    for y in (34, 64):
        brush.ball(50, y, 40, 15, (204, 130, 56))
        for x in (24, 34, 46, 58, 70, 78):
            brush.disc(x, y - 6 + x % 7, 1.8, 1.4, (236, 178, 100))


@motif
def steak(brush: Brush) -> None:
    brush.shape([(10, 50), (24, 24), (56, 18), (88, 34), (90, 62), (64, 84), (30, 78)],
                (250, 226, 208))  # fmt: skip
    brush.shape([(17, 50), (29, 30), (56, 25), (82, 38), (83, 59), (62, 77), (34, 72)],
                (186, 52, 54))  # fmt: skip
    for path in ([(32, 44), (46, 52), (60, 44)], [(44, 66), (58, 60), (70, 66)]):
        brush.stroke(path, (240, 190, 178), 2)


@motif
def mince(brush: Brush) -> None:
    for index, (x, y) in enumerate(around(50, 52, 30, 9) + around(50, 52, 15, 6) + [(50, 52)]):
        brush.ball(x, y, 13, 10, lighter((190, 66, 62), 0.12 * (index % 3)))


@motif
def sausage(brush: Brush) -> None:
    for shift in (0, 20, 40):
        brush.stroke([(14, 34 + shift), (50, 44 + shift), (86, 30 + shift)],
                     darker((186, 92, 62), 0.12), 16)  # fmt: skip
        brush.stroke([(18, 30 + shift), (50, 39 + shift), (80, 28 + shift)], (226, 148, 112), 4)


@motif
def rookworst(brush: Brush) -> None:
    brush.stroke([(20, 20), (14, 60), (50, 86), (86, 60), (80, 20)], (166, 74, 46), 19)
    brush.stroke([(15, 26), (12, 58), (46, 80)], (214, 130, 92), 4)


@motif
def ham(brush: Brush) -> None:
    for shift in (14, 7, 0):
        brush.shape([(14 + shift, 40), (38 + shift, 18), (72 + shift, 30), (78 + shift, 62),
                     (48 + shift, 84), (18 + shift, 70)], (238, 150, 150))  # fmt: skip
        brush.stroke([(30 + shift, 44), (52 + shift, 52), (62 + shift, 42)], (252, 206, 204), 2)


@motif
def bacon(brush: Brush) -> None:
    for shift in (0, 26, 52):
        brush.stroke([(8, 28 + shift), (30, 18 + shift), (52, 30 + shift), (74, 18 + shift),
                      (92, 28 + shift)], (182, 60, 54), 15)  # fmt: skip
        brush.stroke([(8, 28 + shift), (30, 18 + shift), (52, 30 + shift), (74, 18 + shift),
                      (92, 28 + shift)], (250, 214, 196), 4)  # fmt: skip


@motif
def drumstick(brush: Brush) -> None:
    brush.stroke([(52, 58), (84, 90)], (250, 240, 222), 8)
    brush.ball(88, 86, 5, 5, (250, 240, 222))
    brush.ball(83, 92, 5, 5, (250, 240, 222))
    brush.shape([(14, 30), (36, 12), (62, 20), (70, 44), (60, 64), (36, 66), (16, 54)],
                (208, 138, 66))  # fmt: skip


@motif
def fillet(brush: Brush) -> None:
    brush.shape([(8, 56), (24, 30), (56, 20), (88, 32), (92, 50), (66, 66), (34, 82)],
                (244, 206, 186))  # fmt: skip
    for path in ([(26, 50), (50, 42), (78, 42)], [(26, 64), (50, 56), (72, 54)]):
        brush.stroke(path, (228, 178, 158), 2)


@motif
def salmon_fillet(brush: Brush) -> None:
    brush.shape([(6, 46), (40, 26), (92, 30), (94, 56), (60, 74), (12, 72)], (240, 122, 84))
    for x in (24, 38, 52, 66, 80):
        brush.stroke([(x, 34), (x - 8, 50), (x - 2, 68)], (252, 186, 154), 2)


@motif
def fish_fingers(brush: Brush) -> None:
    for y in (22, 46, 70):
        brush.shape(
            [(10, y), (88, y - 8), (90, y + 10), (12, y + 18)], (226, 158, 70), smooth=False
        )
        for x in (22, 36, 50, 64, 78):
            brush.disc(x, y + 3, 1.8, 1.6, (248, 208, 130))


@motif
def burger(brush: Brush) -> None:
    brush.shape([(12, 44), (22, 22), (50, 14), (78, 22), (88, 44)], (216, 150, 76))
    brush.shape([(8, 46), (92, 46), (84, 56), (64, 53), (44, 58), (24, 53)], (120, 176, 68))
    brush.ball(50, 63, 42, 9, (104, 60, 40))
    brush.shape([(12, 70), (88, 70), (82, 88), (18, 88)], (208, 140, 68))


@motif
def icecream(brush: Brush) -> None:
    brush.shape([(30, 52), (70, 52), (50, 98)], (216, 156, 82), smooth=False)
    brush.ball(36, 40, 18, 17, (250, 226, 176))
    brush.ball(64, 40, 18, 17, (240, 150, 160))
    brush.ball(50, 24, 18, 17, (126, 80, 56))


@motif
def icelolly(brush: Brush) -> None:
    brush.stroke([(50, 70), (50, 96)], (232, 204, 150), 8)
    brush.shape([(30, 70), (30, 22), (42, 8), (58, 8), (70, 22), (70, 70)], (244, 96, 96))
    brush.flat([(31, 70), (31, 46), (69, 46), (69, 70)], (250, 190, 60), smooth=False)
    brush.shine(40, 34, 3, 18, 110)


@motif
def pancakes(brush: Brush) -> None:
    for y in (74, 62, 50, 38):
        brush.ball(50, y, 42, 12, (226, 170, 92))
    brush.shape([(40, 30), (60, 30), (60, 42), (40, 42)], (254, 232, 130), smooth=False)


@motif
def pesto(brush: Brush) -> None:
    for turn in (-90, -150, -30, 160, 20):
        brush.leaf(50, 56, 42, turn, (78, 150, 62))
    for x, y in ((40, 78), (56, 84), (66, 74)):
        brush.ball(x, y, 8, 5, (244, 224, 168))


@motif
def mustard(brush: Brush) -> None:
    for index, (x, y) in enumerate(around(50, 50, 34, 11) + around(50, 50, 18, 7) + [(50, 50)]):
        brush.ball(x, y, 8, 8, lighter((210, 162, 46), 0.1 * (index % 3)))
