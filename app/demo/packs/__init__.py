"""Pack pictures for the demo shop: drawn, so that nobody's rights are in the way.

`draw(pack)` gives a PNG on a transparent ground, at most 480 pixels high and wide, the same bytes
for the same pack.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context

from PIL import Image

from app import lifeline
from app.demo.packs import bottles, folded, fresh, soft, turned
from app.demo.packs.art import Pack
from app.demo.packs.light import SHARPER

__all__ = ["SHAPES", "Pack", "draw", "draw_all"]

TALLEST = 480

SHAPES: dict[str, Callable[[Pack], Image.Image]] = {
    name: shape
    for module in (turned, bottles, folded, soft, fresh)
    for name, shape in vars(module).items()
    if callable(shape) and not name.startswith("_") and shape.__module__ == module.__name__
    if not isinstance(shape, type)
}


def draw(pack: Pack) -> bytes:
    """The pack as PNG."""
    thing = SHAPES[pack.shape](pack)
    if max(thing.size) > TALLEST:
        scale = min(1 / SHARPER, TALLEST / max(thing.size))
        thing = thing.resize(
            (round(thing.width * scale), round(thing.height * scale)), Image.Resampling.BOX
        )
    png = BytesIO()
    thing.save(png, "PNG", compress_level=1)
    return png.getvalue()


def draw_all(packs: Sequence[Pack], workers: int) -> Iterator[bytes]:
    """Each pack's picture, in the same order, drawn by so many processes."""
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=lifeline.tie_to_parent
    ) as pool:
        yield from pool.map(draw, packs, chunksize=8)
