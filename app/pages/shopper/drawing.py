"""A code to be read from a screen."""

from markupsafe import Markup

QUIET = 4
"""Light modules around the code (ISO/IEC 18004, 9.1)."""


def code_as_svg(text: str) -> Markup:
    """Dark on white in either colour scheme, since many cameras read no other."""
    from qr_walls.symbols import encode_many  # draws with what a web process need not know at rest

    [symbol] = encode_many([text])
    side = symbol.modules + 2 * QUIET
    dark = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(symbol.rows)
        for x, module in enumerate(row)
        if module
    )
    return Markup(
        f'<svg class="code" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" '
        f'aria-hidden="true"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{dark}"/></svg>'
    )
