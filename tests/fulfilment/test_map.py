"""The dispatcher's map: people look at it all day."""

from itertools import combinations
from math import dist

from hypothesis import given
from hypothesis import strategies as st

from app.pages.dispatch import mapping


@given(
    st.lists(st.tuples(st.floats(0, 340), st.floats(0, 400)), max_size=24),
    st.lists(st.tuples(st.floats(40, 300), st.floats(40, 360)), max_size=2),
)
def test_no_sign_on_the_map_covers_another_or_leaves_the_picture(doors, depots):
    frame = mapping.NARROW

    signs = mapping.apart(doors, depots, frame)

    assert len(signs) == len(doors)
    assert all(0 < x < frame.width and 0 < y < frame.height for x, y in signs)
    for one, other in combinations(signs, 2):
        assert dist(one, other) > frame.radius, (
            "a sign may touch another, but never hides its number"
        )
