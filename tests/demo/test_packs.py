"""Packs are drawn: a picture of each, the same bytes each time."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from app.demo.packs import SHAPES, Pack, draw, draw_all

COLA = Pack("can", "Sprankel", "Cola", "330 ml", "#b3171d", "#ffffff", "cola")


def picture_of(png):
    return Image.open(BytesIO(png))


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_pack_of_every_shape_stands_on_a_transparent_ground(shape):
    png = draw(Pack(shape, "Dauwwei", "Verse melk", "1 l", "#2f7fc1", "#ffffff", "cow"))

    picture = picture_of(png)
    alpha = picture.getchannel("A")
    assert picture.mode == "RGBA"
    assert max(picture.size) <= 480
    assert max(picture.size) >= 250
    assert alpha.getextrema() == (0, 255)
    assert alpha.histogram()[255] > 0.25 * picture.width * picture.height
    assert len(png) < 150_000


def test_the_same_pack_gives_the_same_bytes_in_any_process():
    alone = draw(COLA)

    assert list(draw_all([COLA, COLA], workers=2)) == [alone, alone]


def test_another_colour_gives_another_can_of_the_same_outline():
    zero = Pack("can", "Sprankel", "Cola zero", "330 ml", "#26262b", "#ffffff", "cola")

    one, other = picture_of(draw(COLA)), picture_of(draw(zero))

    assert one.getchannel("A").tobytes() == other.getchannel("A").tobytes()
    assert ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox()


def test_a_long_name_stays_on_its_pack():
    draw(
        Pack(
            "bar",
            "Z" * 60,
            "Onuitspreekbaarlangeproductnaam " * 4,
            "1 l",
            "#202020",
            "#fff000",
            "apple",
        )
    )


def test_korean_letters_are_not_boxes():
    """Two different words must not be drawn as the same row of missing-letter boxes."""
    one = draw(Pack("noodle_pack", "불꽃면", "매운", "120 g", "#c4161c", "#1a1a1a", "ramen"))
    other = draw(Pack("noodle_pack", "물꽃면", "매운", "120 g", "#c4161c", "#1a1a1a", "ramen"))

    a, b = picture_of(one).convert("RGB"), picture_of(other).convert("RGB")
    assert ImageChops.difference(a, b).getbbox()
