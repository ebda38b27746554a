"""``python -m qr_walls encode`` and ``link``: one code, without a wall around it."""

from pathlib import Path

import click

from qr_walls import digital_link
from qr_walls.errors import BadDigitalLink, WallError
from qr_walls.model import QUIET_ZONE


@click.command()
@click.argument("text")
@click.argument("code_svg", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--ecc", type=click.Choice(["L", "M", "Q", "H"]), default="M", show_default=True)
@click.option("--module-mm", default=2.0, show_default=True, help="Side of one module.")
@click.option("--reduction-um", default=0.0, show_default=True, help="What the press adds to bars.")
def encode(text: str, code_svg: Path, ecc: str, module_mm: float, reduction_um: float) -> None:
    """Write the QR code of TEXT to CODE_SVG, as one outline with its quiet zone, in mm."""
    import msgspec

    from qr_walls import outlines, symbols

    try:
        (symbol,) = symbols.encode_many([text], msgspec.convert(ecc, symbols.Ecc))
        loops = outlines.reduced(symbol.outline, reduction_um, module_mm)
    except WallError as error:
        raise click.ClickException(str(error)) from error
    side = symbol.modules + 2 * QUIET_ZONE
    code_svg.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side * module_mm:g}mm"'
        f' height="{side * module_mm:g}mm" viewBox="{-QUIET_ZONE} {-QUIET_ZONE} {side} {side}">'
        f'<path fill="#fff" d="M{-QUIET_ZONE} {-QUIET_ZONE}h{side}v{side}h{-side}Z"/>'
        f'<path fill-rule="evenodd" d="{outlines.svg_path(loops)}"/></svg>\n',
        encoding="utf-8",
    )
    click.echo(f"Version {symbol.version}, {symbol.modules} modules, {symbol.ecc}.")


@click.command()
@click.argument("address")
def link(address: str) -> None:
    """What the GS1 Digital Link at ADDRESS says, and its canonical form."""
    try:
        found = digital_link.read(address)
    except BadDigitalLink as error:
        here = " " * error.position + "^"
        raise click.ClickException(f"{error}\n{address}\n{here}") from error
    for ai, value in (("01", found.gtin), *found.qualifiers, *found.attributes):
        click.echo(f"{ai} {value}")
    click.echo(digital_link.canonical(found))
