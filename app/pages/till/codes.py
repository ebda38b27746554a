"""A QR code as one path for SVG, in modules with its quiet zone of four."""

QUIET = 4


def qr_path(text: str) -> tuple[str, int]:
    """The path, to be filled by even-odd, and how many modules wide and high the picture is."""
    from qr_walls import symbols  # draws: a web process that sells nothing starts faster without

    [symbol] = symbols.encode_many([text])
    path = "".join(
        "M" + "L".join(f"{x + QUIET} {y + QUIET}" for x, y in loop) + "Z" for loop in symbol.outline
    )
    return path, symbol.modules + 2 * QUIET
