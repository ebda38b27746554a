"""The proof for people: as JSON, as a page for a browser, and as one sheet of paper.

A design check says what the file will do if the press does its part. It is no grade of a print
after ISO/IEC 15415, which is measured on paper.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

import msgspec

from qr_walls import pdf, png
from qr_walls.display import Ellipse, Ink, Item, Page, Picture, Rect, Text
from qr_walls.layout import Box
from qr_walls.pictures import Sizes
from qr_walls.proof import SENTENCES, Failure, Light, Proof
from qr_walls.scripts import isolated
from qr_walls.sentences import Values, say
from qr_walls.typefaces import Typefaces
from qr_walls.words import Language

GREEN, AMBER, RED = "#1a7f4b", "#d99a00", "#c8102e"
_PANEL_PIXELS = 1400  # the longer side of a panel in a report
_A4 = (210.0, 297.0)
_EDGE = 14.0
_MOST_LINES = 14
_BLACK, _GREY = Ink(0, 0, 0, 1), Ink(0, 0, 0, 0.6)
SAYS = "A design check of the file, never a grade of a print (ISO/IEC 15415 is measured on paper)."
LEGEND = ((GREEN, "well"), (AMBER, "out of reach or near the edge"), (RED, "stop"))
HEADS = ("place", "product", "ZXing", "ZBar", "quiet zone", "contrast", "module", "1080p", "720p")


class Report(msgspec.Struct, frozen=True):
    """What a proof says, and of what."""

    wall: str
    edition: str
    created_at: datetime
    passed: bool
    says: str
    proof: Proof


def report(proof: Proof, *, wall: str, edition: str, created_at: datetime) -> Report:
    """``wall`` and ``edition`` are names for people."""
    return Report(wall, edition, created_at, proof.passed, SAYS, proof)


def as_json(found: Report) -> bytes:
    """UTF-8; lengths in mm and m as their names say."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"


def _colour(light: Light, failed: set[str]) -> str:
    """Red must not be printed, amber is to be looked at, green is well."""
    if light.place.text in failed:
        return RED
    return GREEN if light.within_reach and light.safe else AMBER


def as_html(found: Report, poster: bytes, *, scale: int = 1, language: Language = "en") -> bytes:
    """One file for a browser: the wall with a light on every code, and a table of all of them."""
    panels = _Panels(poster, scale)
    failed = {failure.place.text for failure in found.proof.failures}
    pictures = "".join(
        _drawn(panels, number, found.proof.lights, failed, language)
        for number in range(len(panels.sizes))
    )
    rows = "".join(_row(light, failed, language) for light in found.proof.lights)
    heads = "".join(f"<th>{escape(say(language, head))}</th>" for head in HEADS)
    verdict = _verdict(found.proof, language)
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in _sentences(found.proof, language))
    return f"""<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(found.wall)} – {escape(say(language, "design check"))}</title>
<style>{_STYLE}</style>
<h1>{escape(found.wall)} <small>{escape(found.edition)}</small></h1>
<p class="{"well" if found.passed else "ill"}"><strong>{escape(verdict)}</strong></p>
<p>{escape(say(language, found.says))} {found.created_at:%Y-%m-%d %H:%M} UTC</p>
<ul>{said}</ul>
<div class="wall">{pictures}</div>
<div class="table" tabindex="0"><table><thead><tr>{heads}</tr></thead>
<tbody>{rows}</tbody></table></div>
</html>
""".encode()


def as_sheet(
    found: Report, poster: bytes, faces: Typefaces, *, scale: int = 1, language: Language = "en"
) -> bytes:
    """One A4 page: the wall, every code's light, and what to do."""
    panels = _Panels(poster, scale)
    shown = dict(enumerate(_spread(panels.sizes)))
    pictures = {str(number): panels.picture(number) for number in shown}
    items = [
        *_heading(found, faces, language),
        *(
            item
            for number, box in shown.items()
            for item in _panel(box, number, panels.sizes[number], found.proof)
        ),
        *_lines(found, faces, language),
    ]
    return pdf.write(
        [Page(*_A4, tuple(items))],
        {},
        pictures,
        faces,
        title=f"{found.wall}: {say(language, 'design check')}",
        language=language,
        created_at=found.created_at,
    )


def _verdict(proof: Proof, language: Language) -> str:
    if proof.passed:
        return say(
            language,
            "All {codes} codes read, by both readers; with a phone of 1080 lines from {reach:.2f} m.",
            {
                "codes": proof.codes,
                "reach": min((light.reach_m for light in proof.lights), default=0.0),
            },
        )
    failed = len({failure.place.text for failure in proof.failures})
    return say(
        language,
        "{failed} of {codes} codes must not be printed.",
        {"failed": failed, "codes": proof.codes},
    )


def _sentences(proof: Proof, language: Language) -> list[str]:
    """What must be mended first, then what is to be known."""
    wrong = [_wrong(failure, language) for failure in proof.failures]
    return wrong + [
        say(language, one.message, one.values) if one.message else one.sentence
        for one in proof.advice
    ]


def _wrong(failure: Failure, language: Language) -> str:
    where: Values = {"product": isolated(failure.place.product), "panel": failure.place.page + 1}
    return say(language, SENTENCES[failure.fault], where)


class _Panels:
    """The trimmed posters of a file: their sizes in mm of the wall, and pictures of them."""

    def __init__(self, poster: bytes, scale: int) -> None:
        import pypdfium2

        self.sizes: list[tuple[float, float]] = []
        self._files: list[tuple[int, int, bytes]] = []
        with pypdfium2.PdfDocument(poster) as document:
            for page in document:
                left, bottom, right, top = page.get_trimbox()
                mm = pdf.POINTS_PER_MM / scale
                self.sizes.append(((right - left) / mm, (top - bottom) / mm))
                self._files.append(png.trimmed(page, longest_side=_PANEL_PIXELS))

    def picture(self, number: int) -> Sizes:
        return Sizes(*self._files[number])


def _drawn(
    panels: _Panels, number: int, lights: Sequence[Light], failed: set[str], language: Language
) -> str:
    width, height = panels.sizes[number]
    picture = b64encode(panels.picture(number).file).decode()
    circles = "".join(
        f'<circle cx="{light.place.box.x + light.place.box.width / 2:.1f}" '
        f'cy="{light.place.box.y + light.place.box.height / 2:.1f}" '
        f'r="{light.place.side * 0.3:.1f}" fill="{_colour(light, failed)}" fill-opacity=".85">'
        f"<title>{escape(light.place.name)} {escape(light.place.product)}</title></circle>"
        for light in lights
        if light.place.page == number
    )
    return (
        f'<svg viewBox="0 0 {width:.1f} {height:.1f}" role="img" '
        f'aria-label="{say(language, "Panel {panel}", {"panel": number + 1})}">'
        f'<image width="{width:.1f}" height="{height:.1f}" href="data:image/png;base64,{picture}"/>'
        f"{circles}</svg>"
    )


def _row(light: Light, failed: set[str], language: Language) -> str:
    cells = (
        light.place.name,
        light.place.product,
        say(language, "read" if light.read[0] else "not read"),
        say(language, "read" if light.read[1] else "not read"),
        say(language, "free" if light.quiet else "printed over"),
        f"{light.contrast:.0%}",
        f"{light.place.module_mm:.2f} mm",
        f"{light.reach_m:.2f} m",
        f"{light.reach_720_m:.2f} m",
    )
    ill = ' class="ill"' if light.place.text in failed else ""
    return f"<tr{ill}>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;"
    "max-width:70rem;padding:0 1rem}.wall{display:flex;flex-wrap:wrap;gap:1rem}"
    ".wall svg{flex:1 1 20rem;max-width:100%;height:auto;max-height:90vh}.table{overflow-x:auto}"
    "table{border-collapse:collapse;margin-top:1rem}td,th{padding:.25rem .6rem;text-align:left;"
    "border-bottom:1px solid #8886;white-space:nowrap}.ill{color:#b00020}"
    "@media(prefers-color-scheme:dark){.ill{color:#ff8a80}}"
)


def _heading(found: Report, faces: Typefaces, language: Language) -> Iterator[Item]:
    title = " · ".join(part for part in (isolated(found.wall), found.edition) if part)
    yield from _text(title, _EDGE, 20, 7, faces, bold=True)
    yield from _text(_verdict(found.proof, language), _EDGE, 28, 4.2, faces, bold=True)
    says = f"{say(language, found.says)} {found.created_at:%Y-%m-%d}"
    yield from _text(says, _EDGE, 34, 2.8, faces)
    x = _EDGE
    for fill, meaning in LEGEND:
        said = say(language, meaning)
        yield Ellipse(x, 37.6, 3, 3, fill)
        yield from _text(said, x + 4.2, 40, 2.8, faces)
        x += 8 + faces.width(said, 2.8) + 4


def _spread(sizes: Sequence[tuple[float, float]]) -> list[Box]:
    """The panels next to each other as they hang, in as many lines as fill the sheet best."""
    room = Box(_EDGE, 45, _A4[0] - 2 * _EDGE, 190)
    widest, tallest = max(width for width, _ in sizes), max(height for _, height in sizes)
    count = len(sizes)

    def scale(columns: int) -> float:
        rows = -(-count // columns)
        return min(room.width / columns / widest, room.height / rows / tallest) * 0.97

    columns = max(range(1, count + 1), key=scale)
    step_x, step_y = room.width / columns, room.height / -(-count // columns)
    return [
        Box(
            room.x + place % columns * step_x,
            room.y + place // columns * step_y,
            width * scale(columns),
            height * scale(columns),
        )
        for place, (width, height) in enumerate(sizes)
    ]


def _panel(box: Box, number: int, size: tuple[float, float], proof: Proof) -> Iterator[Item]:
    yield Rect(box.x - 0.3, box.y - 0.3, box.width + 0.6, box.height + 0.6, _GREY)
    yield Picture(*box, key=str(number))
    scale = box.width / size[0]
    failed = {failure.place.text for failure in proof.failures}
    for light in proof.lights:
        if light.place.page == number:
            spot = light.place.box
            side = max(1.2, light.place.side * scale * 0.6)
            x = box.x + (spot.x + spot.width / 2) * scale - side / 2
            y = box.y + (spot.y + spot.height / 2) * scale - side / 2
            yield Ellipse(x, y, side, side, _colour(light, failed), opacity=0.9)


def _lines(found: Report, faces: Typefaces, language: Language) -> Iterator[Item]:
    """What is wrong first, then what is to be known, as much as there is room for."""
    said = _sentences(found.proof, language)
    if len(said) > _MOST_LINES:
        more = len(said) - _MOST_LINES + 1
        rest = say(language, "and {more} more, in the full report", {"more": more})
        said = [*said[: _MOST_LINES - 1], rest]
    for number, sentence in enumerate(said):
        yield from _text(sentence, _EDGE, 241 + number * 3.9, 3, faces)


def _text(
    text: str, x: float, y: float, size: float, faces: Typefaces, *, bold: bool = False
) -> Iterator[Item]:
    fitted = faces.fit(text, _A4[0] - _EDGE - x, size, bold=bold, smallest=0.5)
    for line, width in fitted.lines:
        yield Text(x, y, width, fitted.size, line, _BLACK, bold)
