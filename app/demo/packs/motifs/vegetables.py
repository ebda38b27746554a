from app.demo.packs.brush import DEEP_GREEN, GREEN, Brush, around, motif
from app.demo.packs.colours import Colour, darker, lighter

WHITE_ROOT: Colour = (240, 234, 214)


@motif
def tomato(brush: Brush) -> None:
    brush.ball(50, 58, 44, 38, (216, 46, 38))
    for turn in (-170, -130, -90, -50, -10, 30, 150):
        brush.leaf(50, 25, 22, turn)
    brush.stroke([(50, 25), (53, 12)], GREEN, 4)
    brush.shine(32, 46, 8, 10, 90)


@motif
def cherry_tomatoes(brush: Brush) -> None:
    brush.stroke([(20, 12), (46, 30), (80, 22)], GREEN, 3)
    for x, y in ((26, 40), (60, 40), (40, 70), (76, 66)):
        brush.ball(x, y, 19, 19, (222, 50, 40))
        brush.shine(x - 6, y - 6, 4, 4)
        brush.leaf(x, y - 16, 10, 0)
        brush.leaf(x, y - 16, 10, 180)


@motif
def carrot(brush: Brush) -> None:
    for turn, long in ((-120, 30), (-95, 36), (-60, 36), (-35, 30)):
        brush.leaf(66, 30, long, turn)
    brush.shape([(54, 24), (72, 26), (78, 40), (56, 66), (22, 95), (14, 92), (30, 62), (44, 34)],
                (238, 124, 34))  # fmt: skip
    for x, y in ((58, 42), (46, 56), (36, 70)):
        brush.stroke([(x, y), (x + 9, y + 4)], (204, 94, 20), 1.6)


@motif
def broccoli(brush: Brush) -> None:
    brush.shape([(40, 54), (60, 54), (62, 80), (56, 95), (44, 95), (38, 80)], (150, 186, 96))
    for x, y, r in ((26, 46, 19), (74, 46, 19), (38, 28, 20), (62, 28, 20), (50, 50, 19)):
        brush.ball(x, y, r, r * 0.9, (62, 124, 58))
    for bud in around(50, 38, 26, 14) + around(50, 38, 13, 8):
        brush.disc(*bud, 2, 2, (92, 152, 76))


@motif
def cauliflower(brush: Brush) -> None:
    for turn in (150, 120, 60, 30):
        brush.leaf(50, 58, 46, turn, (120, 172, 84))
    for x, y, r in ((30, 48, 18), (70, 48, 18), (40, 32, 18), (60, 32, 18), (50, 52, 18)):
        brush.ball(x, y, r, r * 0.9, (244, 238, 218))


@motif
def pepper(brush: Brush) -> None:
    _pepper(brush, (210, 40, 38))


@motif
def yellow_pepper(brush: Brush) -> None:
    _pepper(brush, (246, 190, 40))


@motif
def green_pepper(brush: Brush) -> None:
    _pepper(brush, (72, 140, 60))


def _pepper(brush: Brush, colour: Colour) -> None:
    brush.shape([(34, 26), (50, 30), (66, 26), (86, 38), (84, 68), (70, 94), (50, 90), (30, 94),
                 (16, 68), (14, 38)], colour)  # fmt: skip
    brush.stroke([(42, 32), (36, 60), (42, 86)], darker(colour, 0.24), 2)
    brush.stroke([(60, 32), (66, 60), (60, 86)], darker(colour, 0.24), 2)
    brush.shape([(40, 28), (50, 20), (60, 28), (50, 33)], GREEN)
    brush.stroke([(50, 24), (54, 8)], GREEN, 6)
    brush.shine(26, 50, 4, 13, 100)


@motif
def chili(brush: Brush) -> None:
    brush.shape([(70, 16), (82, 20), (82, 36), (62, 66), (24, 88), (10, 88), (34, 70), (56, 42),
                 (62, 24)], (206, 32, 30))  # fmt: skip
    brush.shape([(66, 20), (76, 12), (86, 24), (76, 26)], GREEN)
    brush.stroke([(78, 18), (86, 6)], GREEN, 4)
    brush.shine(64, 42, 2.4, 10, 110)


@motif
def cucumber(brush: Brush) -> None:
    brush.shape([(8, 78), (12, 62), (54, 24), (80, 10), (92, 20), (84, 36), (44, 76), (18, 90)],
                (52, 116, 58))  # fmt: skip
    for x, y in ((26, 66), (40, 54), (56, 40), (70, 26)):
        brush.stroke([(x, y), (x + 8, y - 7)], (92, 158, 84), 1.6)


@motif
def courgette(brush: Brush) -> None:
    cucumber_like = [(8, 80), (14, 66), (60, 28), (76, 18), (84, 28), (46, 74), (20, 92)]
    brush.shape(cucumber_like, (58, 110, 48))
    brush.shape([(74, 20), (86, 8), (92, 16), (82, 28)], (130, 160, 84))


@motif
def aubergine(brush: Brush) -> None:
    brush.shape([(66, 18), (80, 26), (80, 46), (64, 82), (36, 96), (12, 84), (12, 60), (38, 40)],
                (78, 38, 92))  # fmt: skip
    brush.shape([(62, 24), (72, 8), (82, 12), (86, 32), (76, 30), (70, 36)], GREEN)
    brush.shine(44, 54, 5, 14, 70)


@motif
def lettuce(brush: Brush) -> None:
    for x, y in around(50, 54, 24, 8):
        brush.ball(x, y, 21, 20, (120, 176, 68))
    for x, y in around(50, 52, 12, 6, 20):
        brush.ball(x, y, 15, 14, (160, 204, 96))
    brush.ball(50, 52, 12, 11, (196, 222, 132))


@motif
def spinach(brush: Brush) -> None:
    for turn, long in ((-150, 46), (-115, 56), (-65, 56), (-30, 46), (-90, 60)):
        brush.leaf(50, 76, long, turn, (60, 128, 58))
    brush.stroke([(50, 70), (50, 94)], (140, 180, 96), 4)


@motif
def cabbage(brush: Brush) -> None:
    brush.ball(50, 54, 43, 40, (150, 192, 104))
    for path in ([(50, 18), (40, 50), (46, 92)], [(24, 30), (30, 58), (46, 90)],
                 [(78, 30), (68, 58), (50, 92)]):  # fmt: skip
        brush.stroke(path, (206, 226, 166), 2.2)


@motif
def napa(brush: Brush) -> None:
    brush.shape([(50, 6), (74, 16), (80, 44), (66, 84), (50, 95), (34, 84), (20, 44), (26, 16)],
                (166, 200, 106))  # fmt: skip
    brush.shape([(50, 34), (62, 50), (62, 80), (50, 94), (38, 80), (38, 50)], (244, 244, 224))
    for path in ([(50, 14), (50, 50)], [(36, 18), (44, 52)], [(64, 18), (56, 52)]):
        brush.stroke(path, (226, 236, 190), 2)


@motif
def onion(brush: Brush) -> None:
    brush.shape([(50, 6), (56, 20), (84, 40), (88, 64), (68, 88), (50, 92), (32, 88), (12, 64),
                 (16, 40), (44, 20)], (206, 136, 58))  # fmt: skip
    for shift in (-24, -10, 10, 24):
        brush.stroke([(50, 16), (50 + shift * 1.2, 54), (50, 90)], (176, 104, 40), 1.2)


@motif
def red_onion(brush: Brush) -> None:
    brush.shape([(50, 6), (56, 20), (84, 40), (88, 64), (68, 88), (50, 92), (32, 88), (12, 64),
                 (16, 40), (44, 20)], (138, 46, 92))  # fmt: skip
    for shift in (-24, -10, 10, 24):
        brush.stroke([(50, 16), (50 + shift * 1.2, 54), (50, 90)], (176, 92, 136), 1.2)


@motif
def garlic(brush: Brush) -> None:
    brush.shape([(48, 4), (54, 4), (56, 26), (82, 50), (80, 80), (50, 94), (20, 80), (18, 50),
                 (44, 26)], (244, 238, 228))  # fmt: skip
    for shift in (-16, 0, 16):
        brush.stroke([(50, 22), (50 + shift, 56), (50 + shift * 0.7, 90)], (214, 200, 196), 1.6)


@motif
def spring_onion(brush: Brush) -> None:
    for x in (36, 50, 64):
        brush.stroke([(x, 84), (x - 2, 46), (x + (x - 50) * 0.9, 6)], (70, 140, 66), 6)
        brush.stroke([(x, 90), (x, 58)], (232, 240, 214), 6)
        brush.ball(x, 90, 5, 5, (250, 250, 242))


@motif
def leek(brush: Brush) -> None:
    brush.shape([(40, 40), (60, 40), (58, 90), (50, 95), (42, 90)], (238, 240, 220))
    for turn in (-130, -105, -75, -50):
        brush.leaf(50, 50, 52, turn, (72, 132, 74))


@motif
def potato(brush: Brush) -> None:
    brush.shape([(20, 34), (46, 20), (78, 28), (90, 52), (78, 78), (46, 84), (18, 74), (10, 54)],
                (212, 170, 104))  # fmt: skip
    for x, y in ((36, 42), (60, 38), (68, 60), (44, 66)):
        brush.disc(x, y, 2.4, 1.4, (168, 126, 70))


@motif
def sweet_potato(brush: Brush) -> None:
    brush.shape([(6, 60), (24, 38), (56, 26), (86, 32), (95, 44), (80, 66), (50, 78), (24, 76)],
                (174, 78, 70))  # fmt: skip
    for x, y in ((36, 52), (58, 42), (68, 56)):
        brush.stroke([(x, y), (x + 7, y - 2)], (136, 54, 54), 1.4)


@motif
def mushroom(brush: Brush) -> None:
    brush.shape([(40, 52), (60, 52), (64, 82), (56, 92), (44, 92), (36, 82)], (238, 226, 206))
    brush.shape([(50, 12), (80, 26), (92, 52), (70, 60), (30, 60), (8, 52), (20, 26)],
                (226, 206, 178))  # fmt: skip


@motif
def shiitake(brush: Brush) -> None:
    brush.shape([(42, 54), (58, 54), (60, 84), (52, 92), (44, 88)], (226, 206, 176))
    brush.shape([(50, 14), (82, 28), (92, 52), (70, 62), (30, 62), (8, 52), (18, 28)],
                (116, 76, 48))  # fmt: skip
    for x, y in ((36, 34), (54, 28), (68, 42), (44, 48)):
        brush.disc(x, y, 3.4, 2, (196, 164, 124))


@motif
def corn(brush: Brush) -> None:
    brush.ball(50, 48, 20, 43, (246, 200, 56))
    for y in range(12, 84, 8):
        for x in (36, 43, 50, 57, 64):
            brush.disc(x, y, 2.8, 3, (252, 222, 110))
    brush.leaf(44, 96, 66, -118)
    brush.leaf(56, 96, 66, -62)


@motif
def peas(brush: Brush) -> None:
    brush.shape([(6, 40), (30, 28), (70, 32), (96, 52), (72, 70), (36, 66)], (96, 158, 58))
    for x, y in ((28, 46), (43, 49), (58, 52), (72, 53)):
        brush.ball(x, y, 9.5, 9.5, (150, 200, 84))


@motif
def green_beans(brush: Brush) -> None:
    for shift in (0, 14, 28):
        brush.stroke([(12, 30 + shift), (44, 50 + shift), (90, 36 + shift)], (82, 146, 62), 7)
        brush.stroke([(14, 29 + shift), (44, 48 + shift), (86, 35 + shift)], (128, 184, 96), 1.6)


@motif
def beans(brush: Brush) -> None:
    _beans(brush, (158, 60, 48))


@motif
def white_beans(brush: Brush) -> None:
    _beans(brush, (240, 228, 200))


@motif
def chickpeas(brush: Brush) -> None:
    for x, y in ((30, 34), (62, 30), (46, 54), (76, 56), (24, 66), (56, 80)):
        brush.ball(x, y, 16, 15, (224, 190, 128))
        brush.stroke([(x - 3, y - 8), (x + 1, y + 2)], (190, 150, 92), 1.4)


@motif
def lentils(brush: Brush) -> None:
    for index, (x, y) in enumerate(around(50, 50, 30, 8) + around(50, 50, 14, 4) + [(50, 50)]):
        brush.ball(x, y, 12, 8, lighter((168, 112, 62), 0.1 * (index % 3)))


def _beans(brush: Brush, colour: Colour) -> None:
    for x, y in ((32, 30), (68, 36), (40, 60), (72, 70), (26, 84)):
        brush.shape([(x - 18, y), (x - 8, y - 11), (x + 10, y - 10), (x + 18, y + 2), (x + 9, y + 9),
                     (x, y + 4), (x - 9, y + 9)], colour)  # fmt: skip
        brush.shine(x - 4, y - 6, 5, 2.2, 90)


@motif
def radish(brush: Brush) -> None:
    for turn in (-125, -90, -55):
        brush.leaf(50, 38, 38, turn)
    brush.ball(50, 60, 30, 29, (206, 38, 82))
    brush.stroke([(50, 86), (48, 98)], (240, 220, 224), 2)


@motif
def daikon(brush: Brush) -> None:
    for turn in (-125, -90, -55):
        brush.leaf(50, 30, 32, turn)
    brush.shape([(32, 30), (68, 30), (72, 60), (60, 90), (50, 98), (40, 90), (28, 60)], WHITE_ROOT)
    brush.shape([(34, 29), (66, 29), (68, 40), (50, 44), (32, 40)], (190, 212, 140))


@motif
def beetroot(brush: Brush) -> None:
    for turn in (-120, -90, -60):
        brush.leaf(50, 36, 38, turn, DEEP_GREEN)
    brush.ball(50, 62, 32, 30, (124, 26, 66))
    brush.stroke([(50, 90), (52, 99)], (124, 26, 66), 2.4)


@motif
def ginger(brush: Brush) -> None:
    brush.shape([(10, 60), (24, 46), (40, 48), (46, 24), (60, 20), (62, 44), (84, 40), (92, 52),
                 (70, 64), (60, 82), (46, 70), (22, 74)], (214, 174, 116))  # fmt: skip


@motif
def pumpkin(brush: Brush) -> None:
    for x, rx in ((22, 18), (78, 18), (36, 20), (64, 20), (50, 18)):
        brush.ball(x, 58, rx, 34, (232, 128, 36))
    brush.stroke([(50, 28), (54, 12)], GREEN, 6)


@motif
def asparagus(brush: Brush) -> None:
    for x in (34, 50, 66):
        brush.stroke([(x, 94), (x, 30)], (132, 172, 84), 8)
        brush.shape([(x - 5, 34), (x, 8), (x + 5, 34)], (96, 138, 70))


@motif
def herbs(brush: Brush) -> None:
    for turn, x, y in ((-90, 50, 60), (-140, 50, 64), (-40, 50, 64), (-165, 50, 80), (-15, 50, 80)):
        brush.leaf(x, y, 40, turn, (70, 146, 70))
    brush.stroke([(50, 60), (50, 97)], (104, 160, 80), 3)


@motif
def olives(brush: Brush) -> None:
    for x, y in ((34, 52), (64, 46), (52, 76)):
        brush.ball(x, y, 20, 17, (110, 124, 52))
        brush.disc(x + 9, y - 4, 5, 4.6, (196, 60, 44))
    brush.leaf(40, 32, 44, -40, (108, 136, 92))
    brush.leaf(40, 32, 40, -150, (108, 136, 92))


@motif
def gherkins(brush: Brush) -> None:
    for shift in (0, 24, 48):
        brush.ball(50, 26 + shift, 38, 12, (112, 138, 52))
        for x in (26, 38, 50, 62, 74):
            brush.disc(x, 23 + shift + x % 5, 1.6, 1.6, (156, 176, 92))
