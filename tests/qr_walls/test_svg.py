"""A poster as SVG, as a browser paints it."""

import io

import pytest
import zxingcpp
from defusedxml import ElementTree
from PIL import Image

from qr_walls import posters
from tests.qr_walls.builders import NOON, everything, wall
from tests.qr_walls.fonts import faces

SVG = "{http://www.w3.org/2000/svg}"
PLAN, PRODUCTS = wall([everything(number) for number in range(6)], name="Melk & <kaas>")


@pytest.fixture(scope="module")
def drawing() -> bytes:
    (one,) = posters.picture(PLAN, PRODUCTS, faces(), created_at=NOON)
    return one


def test_a_drawing_is_complete_in_itself_and_in_millimetres(drawing: bytes) -> None:
    root = ElementTree.fromstring(drawing)

    assert (root.get("width"), root.get("viewBox")) == ("297mm", "0 0 297 420")
    assert root.findtext(f"{SVG}title") == "Melk & <kaas>"
    links = [e.get("href", "") for e in root.iter() if e.get("href")]
    assert all(link.startswith(("data:", "#")) for link in links)
    assert "€ 1,49 per l" in " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert len(links) > len([link for link in links if link.startswith("data:")]) > 0


def test_the_same_wall_gives_the_same_drawing(drawing: bytes) -> None:
    assert posters.picture(PLAN, PRODUCTS, faces(), created_at=NOON) == [drawing]


@pytest.mark.browser
async def test_every_code_is_read_from_what_a_browser_paints(browser, drawing) -> None:  # type: ignore[no-untyped-def]
    page = await browser.new_page(viewport={"width": 1123, "height": 1588}, device_scale_factor=2)
    await page.set_content(f"<style>body{{margin:0}}</style>{drawing.decode()}")
    await page.evaluate("document.fonts.ready")

    picture = Image.open(io.BytesIO(await page.screenshot()))
    await page.close()

    read = {code.text for code in zxingcpp.read_barcodes(picture)}
    assert read == set(posters.addresses(PLAN).values())
