"""Colours of packs as (red, green, blue) of 0 to 255."""

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (34, 31, 36)
CREAM: Colour = (250, 244, 230)
GOLD: Colour = (203, 160, 82)
SILVER: Colour = (196, 200, 205)
KRAFT: Colour = (201, 165, 117)


def of(text: str) -> Colour:
    """'#2b6cb0' as a colour."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )


def lighter(colour: Colour, share: float = 0.35) -> Colour:
    return mix(colour, WHITE, share)


def darker(colour: Colour, share: float = 0.35) -> Colour:
    return mix(colour, (12, 8, 20), share)


def brightness(colour: Colour) -> float:
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def ink_on(ground: Colour) -> Colour:
    """Lettering that can be read on this ground."""
    return WHITE if brightness(ground) < 0.62 else darker(ground, 0.78)
