"""What frames the shelves of a poster."""

from qr_walls import banner, layout
from qr_walls.display import Rect
from tests.qr_walls.builders import product, wall
from tests.qr_walls.fonts import faces


def test_the_posts_are_slim_where_the_sign_of_the_list_stands_beside_the_only_shelf() -> None:
    plan, _ = wall([product(1)], rows=1, format="A4", list_url="https://perron.example/w/utc-1")
    (sheet,) = layout.lay_out(plan, 29, 29)
    drawn = list(banner.draw(sheet, plan, faces()))
    posts = [one for one in drawn if isinstance(one, Rect) and one.fill == "#8d9297"]

    assert sheet.header_code is not None
    assert sheet.rows[0].back.x > sheet.header_code.sign.right
    assert [post.width <= sheet.header_code.sign.x for post in posts] == [True, True]
