"""What a print shop's wishes mean for one wall, and what a poster was drawn from."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import msgspec

from app.errors import Conflict, Unprocessable
from app.jobs import Task
from app.walls.models import Edition, PrintedPanel
from app.walls.press.models import Drawing, FileKind, Making, PrintFile, Stage, Wishes
from app.walls.rules import in_shop_words
from qr_walls import apart, formats, press
from qr_walls.errors import WallError
from qr_walls.model import PanelFormat, Wall

KINDS: tuple[FileKind, ...] = ("print-shop", "tiles-a4", "tiles-a3")
PAPERS: Mapping[FileKind, PanelFormat] = {
    "tiles-a4": formats.named("A4"),
    "tiles-a3": formats.named("A3"),
}


def press_of(wishes: Wishes, wall: Wall, icc: bytes | None) -> press.Press:
    """The safe margin is what is usual for the largest panel."""
    largest = max((panel.format for panel in wall.panels), key=_longest_mm)
    tenfold = wishes.tenfold or any(press.usual(panel.format).scale == 10 for panel in wall.panels)
    marks = wishes.finish == "marks"
    return press.Press(
        bleed_mm=wishes.bleed_mm if marks else 0,
        safe_mm=press.usual(largest).safe_mm,
        marks=marks,
        icc=icc,
        scale=10 if tenfold else 1,
        job=wishes.job,
    )


def _longest_mm(format: PanelFormat) -> float:
    return max(format.width_mm, format.height_mm)


def profile_name(icc: bytes) -> str:
    """What a profile calls itself. Raises Unprocessable unless it is one of a press."""
    try:
        return press.profile_name(icc) or "ICC"
    except WallError as error:
        raise in_shop_words(error) from error


def frozen(order: apart.Order) -> Drawing:
    """What a poster is drawn from, to be kept. Pictures are kept already, under their SHA-256."""
    pictures = {
        gtin: sha256(product.picture).hexdigest()
        for gtin, product in order.products.items()
        if product.picture is not None
    }
    plain = {
        gtin: msgspec.structs.replace(product, picture=None)
        for gtin, product in order.products.items()
    }
    return Drawing(order.wall, plain, pictures, order.created_at)


def thawed(drawing: Drawing, pictures: Mapping[str, bytes]) -> apart.Order:
    """The order from which the same poster is drawn again; `pictures` by the name of their file."""
    products = {
        gtin: msgspec.structs.replace(
            product, picture=pictures.get(drawing.pictures.get(gtin, ""))
        )
        for gtin, product in drawing.products.items()
    }  # fmt: skip
    return apart.Order(
        wall=drawing.wall, products=products, regular=(), bold=(), created_at=drawing.created_at
    )


def check_readable(drawn: apart.Drawn) -> None:
    """Raises WallError: no file is kept with a code on it that cannot be read."""
    if drawn.proof.failures:
        raise WallError(
            "{failed} of {codes} codes on this file cannot be read, so it is not kept.",
            failed=len({failure.place.text for failure in drawn.proof.failures}),
            codes=drawn.proof.codes,
        )


def newest(
    edition: Edition, files: Sequence[PrintFile], kind: FileKind, task: Task | None
) -> Making:
    """What there is of one kind; `files` are the newest first, `task` makes the first of them."""
    of_kind = [one for one in files if one.kind == kind]
    asked = of_kind[0] if of_kind else None
    made = next((one for one in of_kind if one.made_at), None)
    if asked is None:
        return Making(kind, None, 0, made, asked)
    if asked.made_at or asked.refusal:
        return Making(kind, "made" if asked.made_at else "refused", 100, made, asked)
    if task is None:  # its poster is not drawn yet, or never will be
        never = edition.refusal or (edition.proof and not edition.proof.passed)
        return Making(kind, None if never else "waiting", 0, made, asked)
    if task.state == "failed":
        return Making(kind, "failed", 0, made, asked)
    stage: Stage = task.note if task.note in ("drawing", "proof") else "waiting"  # type: ignore[assignment]
    return Making(kind, stage, task.progress, made, asked)


def check(edition: Edition, plan: Sequence[PrintedPanel], kind: FileKind) -> None:
    """Raises Unprocessable, Conflict where an edition cannot have such a file."""
    if edition.kind != "wall":
        raise Unprocessable("Sheets of stickers are printed as they are.", code="only-a-wall")
    sizes = [PanelFormat(panel.format, panel.width_mm, panel.height_mm) for panel in plan]
    if kind in PAPERS and any(press.usual(size).scale == 10 for size in sizes):
        raise in_shop_words(
            WallError("This file is drawn at 1:10. Tiles are cut from a file at full size.")
        )
    if edition.refusal is not None:
        raise Conflict("This edition could not be drawn. Print the wall again.", code="not-printed")
    if edition.proof is not None and not edition.proof.passed:
        raise Conflict(
            "Not every code on this edition can be read. Print the wall again.",
            code="proof-failed",
        )
