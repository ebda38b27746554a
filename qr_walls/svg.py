"""A display list as SVG: one file with its typefaces and pictures in it, the same bytes again.

For screens and for who edits a poster further; the print shop gets the PDF.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from qr_walls.display import (
    Code,
    Colour,
    Ellipse,
    EveryPlate,
    Ink,
    Item,
    Page,
    Picture,
    Polygon,
    Rect,
    Shade,
    Text,
)
from qr_walls.model import QUIET_ZONE
from qr_walls.outlines import Loop
from qr_walls.pictures import Sizes
from qr_walls.symbols import Symbol
from qr_walls.typefaces import Typeface, Typefaces


def write(
    page: Page,
    symbols: Mapping[str, Symbol],
    pictures: Mapping[str, Sizes],
    faces: Typefaces,
    *,
    title: str,
) -> bytes:
    """One poster; its user units are millimetres."""
    drawing = _Drawing(symbols, pictures)
    painted = [drawing.element(item) for item in page.items]
    around = page.around
    across, down = _n(page.width + 2 * around), _n(page.height + 2 * around)
    box = f"{_n(-around)} {_n(-around)} {across} {down}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"',
            f'  width="{across}mm" height="{down}mm">',
            f"<title>{escape(title)}</title>",
            f"<style>{''.join(_typefaces(page, faces))}</style>",
            f"<defs>{''.join(drawing.defined())}</defs>",
            *painted,
            "</svg>\n",
        ]
    ).encode()


class _Drawing:
    """Elements, and the gradients and pictures they share."""

    def __init__(self, symbols: Mapping[str, Symbol], pictures: Mapping[str, Sizes]) -> None:
        self._symbols, self._pictures = symbols, pictures
        self._shades: dict[tuple[str, str], str] = {}
        self._shown: dict[str, str] = {}

    def element(self, item: Item) -> str:
        match item:
            case Rect():
                corner = f' rx="{_n(item.radius)}"' if item.radius else ""
                return f"<rect {_box(item)}{corner}{_fill(item.fill, item.opacity)}/>"
            case Ellipse():
                across, down = item.width / 2, item.height / 2
                return (
                    f'<ellipse cx="{_n(item.x + across)}" cy="{_n(item.y + down)}" '
                    f'rx="{_n(across)}" ry="{_n(down)}"{_fill(item.fill, item.opacity)}/>'
                )
            case Shade():
                ends = (item.top, item.bottom)
                name = self._shades.setdefault(ends, f"s{len(self._shades)}")
                return f'<rect {_box(item)} fill="url(#{name})"/>'
            case Polygon():
                points = " ".join(f"{_n(x)},{_n(y)}" for x, y in item.points)
                return f'<polygon points="{points}"{_fill(item.fill)}/>'
            case Picture():
                name = self._shown.setdefault(item.key, f"p{len(self._shown)}")
                return (
                    f'<use href="#{name}" transform="translate({_n(item.x)} {_n(item.y)}) '
                    f'scale({item.width:.4f} {item.height:.4f})"/>'
                )
            case Text():
                return _text(item)
            case Code():
                return self._code(item)

    def _code(self, item: Code) -> str:
        symbol = self._symbols[item.text]
        side = symbol.modules + 2 * QUIET_ZONE
        path = "".join(_loop(loop) for loop in symbol.outline)
        return (
            f'<g transform="translate({item.x:.4f} {item.y:.4f}) scale({item.module_mm:.6f})">'
            f"<title>{escape(item.text)}</title>"
            f'<rect x="{-QUIET_ZONE}" y="{-QUIET_ZONE}" width="{side}" height="{side}" fill="#fff"/>'
            f'<path fill-rule="evenodd" d="{path}"/></g>'
        )

    def defined(self) -> Iterator[str]:
        for (top, bottom), name in self._shades.items():
            yield (
                f'<linearGradient id="{name}" x2="0" y2="1"><stop stop-color="{top}"/>'
                f'<stop offset="1" stop-color="{bottom}"/></linearGradient>'
            )
        for key, name in self._shown.items():
            shown = self._pictures[key]
            picture = b64encode(shown.file).decode()
            yield (
                f'<image id="{name}" width="1" height="1" preserveAspectRatio="none" '
                f'href="data:{shown.media_type};base64,{picture}"/>'
            )


def _text(item: Text) -> str:
    """As long as it was measured, whatever shapes it; the typefaces fill each other's gaps."""
    weight = ' class="b"' if item.bold else ""
    return (
        f'<text x="{_n(item.x)}" y="{_n(item.y)}" font-size="{item.size:.3f}" '
        f'textLength="{_n(item.width)}"{weight}{_fill(item.fill)}>{escape(item.text)}</text>'
    )


def _typefaces(page: Page, faces: Typefaces) -> Iterator[str]:
    """The characters that are used, of every face that has them."""
    used: dict[tuple[Typeface, bool], set[str]] = {}
    for item in page.items:
        if isinstance(item, Text):
            for run in faces.runs(item.text, bold=item.bold):
                used.setdefault((run.face, item.bold), set()).update(run.text)
    chains: dict[bool, list[str]] = {False: [], True: []}
    for number, ((face, bold), characters) in enumerate(used.items()):
        file = b64encode(face.subset(sorted(characters))).decode()
        chains[bold].append(f"w{number}")
        yield f"@font-face{{font-family:w{number};src:url(data:font/ttf;base64,{file})}}"
    for bold, names in chains.items():
        chain = ",".join([*names, "sans-serif"])
        yield f"text{'.b' if bold else ''}{{font-family:{chain};white-space:pre}}"


def _loop(loop: Loop) -> str:
    (x, y), *rest = loop
    return f"M{x:g} {y:g}" + "".join(f"L{x:g} {y:g}" for x, y in rest) + "Z"


def _box(item: Rect | Shade) -> str:
    return f'x="{_n(item.x)}" y="{_n(item.y)}" width="{_n(item.width)}" height="{_n(item.height)}"'


def _fill(fill: Colour, opacity: float = 1) -> str:
    through = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
    return f" fill={quoteattr(_screen(fill))}{through}"


def _screen(fill: Colour) -> str:
    """Inks as a screen shows them, roughly: they are for print."""
    if isinstance(fill, EveryPlate):
        return "#" + f"{round(255 * (1 - fill.share)):02x}" * 3
    if not isinstance(fill, Ink):
        return fill
    paper = 1 - fill.black
    return "#" + "".join(f"{round(255 * (1 - ink) * paper):02x}" for ink in fill[:3])


def _n(value: float) -> str:
    return f"{round(value, 3):g}" if abs(value) < 1000 else f"{value:.2f}"
