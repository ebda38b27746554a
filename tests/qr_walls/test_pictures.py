"""Pictures as strangers send them: used, or refused by the name of their product."""

import io
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from qr_walls import pictures
from qr_walls.errors import WallError
from qr_walls.pictures import Sizes
from tests.qr_walls.builders import pack, product


def prepared(body: bytes, tallest_mm: float = 40) -> Sizes:
    one = product(1, picture=body)
    return pictures.prepare({one.gtin: one}, tallest_mm)[one.gtin]


def saved(image: Image.Image, format: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **how)
    return file.getvalue()


def test_a_pack_is_cut_out_and_no_larger_than_print_needs() -> None:
    ready = prepared(pack(240, 480), tallest_mm=20)

    assert ready.height == round(20 * pictures.DOTS_PER_MM)
    assert ready.width == pytest.approx(ready.height / 2, abs=2)


def test_products_that_share_a_picture_share_the_work() -> None:
    body = pack()
    products = {str(number): product(number, picture=body) for number in range(50)}

    ready = pictures.prepare(products, 40)

    assert len(ready) == 50
    assert len({id(one) for one in ready.values()}) == 1


def test_a_photograph_stands_upright_and_is_not_unpacked_whole(tmp_path: Path) -> None:
    photograph = Image.new("RGB", (6000, 4000), "#cc3311")
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone upright
    body = saved(photograph, "JPEG", exif=exif, quality=40)

    ready = prepared(body)

    assert ready.height > ready.width
    assert _mb_taken_by(tmp_path, body) < 30  # and not the 72 MB of its pixels


def test_a_long_strip_is_made_no_wider_than_any_shelf_shows() -> None:
    ready = prepared(saved(Image.new("RGB", (20_000, 40), "red"), "PNG"), tallest_mm=20)

    assert ready.width <= 4 * round(20 * pictures.DOTS_PER_MM)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "cannot be read as PNG, JPEG or WebP"),
        (b"GIF89a" + bytes(40), "cannot be read"),
        (saved(Image.new("RGB", (9, 9)), "BMP"), "cannot be read"),
        (pack()[:300], "cannot be read"),
        (saved(Image.new("RGB", (900, 900)), "JPEG")[:2000], "cannot be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
        (b"%PDF-1.7", "cannot be read"),
    ],
)
def test_what_is_no_picture_is_refused_by_the_name_of_its_product(body: bytes, why: str) -> None:
    with pytest.raises(WallError, match=f"“Semi-skimmed milk” .09520000000011. {why}"):
        prepared(body)


def _png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of so many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 6, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(50_000, 50_000), (50_000, 1_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int], tmp_path: Path) -> None:
    body = _png_that_claims(*size)

    with pytest.raises(WallError, match=r"(too many pixels|cannot be read)"):
        prepared(body)
    assert _mb_taken_by(tmp_path, body) < 20


_TAKER = """
import resource, sys
from qr_walls import pictures
from qr_walls.errors import WallError
from tests.qr_walls.builders import product, pack

def peak(body):
    try:
        pictures.prepare({"": product(1, picture=body)}, 40)
    except WallError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before = peak(pack())
print((peak(open(sys.argv[1], "rb").read()) - before) // 1024)
"""


def _mb_taken_by(folder: Path, body: bytes) -> int:
    """How much more memory than a small picture this one takes, in a process of its own."""
    (folder / "picture").write_bytes(body)
    asked = [sys.executable, "-c", _TAKER, str(folder / "picture")]
    root = Path(__file__).parents[2]
    return int(subprocess.run(asked, cwd=root, check=True, capture_output=True).stdout)
