"""Pictures of finished PDFs, painted by someone else's rasteriser (PDFium)."""

import io
from typing import TYPE_CHECKING

# The rasteriser is imported where it is used: who only names a size does without.
if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image

LONGEST_SIDE = 2400  # pixels of a preview, unless told


def pages(pdf: bytes) -> int:
    """How many posters the file has."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def page(pdf: bytes, number: int, *, longest_side: int = LONGEST_SIDE) -> "Image.Image":
    """One page (counted from 0) as a picture whose longer side has so many pixels."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        sheet = document[number]
        scale = longest_side / max(sheet.get_size())
        picture: Image.Image = sheet.render(scale=scale).to_pil()
        return picture.convert("RGB")


def preview(pdf: bytes, number: int = 0, *, longest_side: int = LONGEST_SIDE) -> bytes:
    """The same as a PNG file."""
    file = io.BytesIO()
    page(pdf, number, longest_side=longest_side).save(file, "PNG", optimize=False)
    return file.getvalue()


def trimmed(page: "pypdfium2.PdfPage", *, longest_side: int) -> tuple[int, int, bytes]:
    """A poster without what stands around it: width and height in pixels, and a small PNG file."""
    from PIL import Image

    left, bottom, right, top = page.get_trimbox()
    width, height = page.get_size()
    picture: Image.Image = page.render(
        scale=longest_side / max(right - left, top - bottom),
        crop=(left, bottom, width - right, height - top),
        may_draw_forms=False,
    ).to_pil()
    file = io.BytesIO()
    picture.convert("RGB").quantize(128).save(file, "PNG")
    return picture.width, picture.height, file.getvalue()


def side_by_side(pdf: bytes, *, longest_side: int = LONGEST_SIDE) -> bytes:
    """All posters of the file next to each other, as they hang, as one PNG file."""
    import pypdfium2
    from PIL import Image

    with pypdfium2.PdfDocument(pdf) as document:
        sizes = [sheet.get_size() for sheet in document]
        gap = max(width for width, _ in sizes) * 0.03
        whole = sum(width for width, _ in sizes) + gap * (len(sizes) - 1)
        tallest = max(height for _, height in sizes)
        scale = longest_side / max(whole, tallest)
        wall = Image.new("RGB", (round(whole * scale), round(tallest * scale)), "#ffffff")
        x = 0.0
        for sheet, (width, _) in zip(document, sizes, strict=True):
            picture: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB")
            wall.paste(picture, (round(x * scale), 0))
            x += width + gap
    file = io.BytesIO()
    wall.save(file, "PNG")
    return file.getvalue()
