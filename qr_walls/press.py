"""What a print shop wants of a file. All lengths in mm at the size at which the poster hangs."""

import struct
from typing import Literal

import msgspec

from qr_walls import inks
from qr_walls.errors import WallError
from qr_walls.model import PanelFormat

LONGEST_PAGE_MM = 5080.0  # 14,400 points, the longest page of a PDF (ISO 32000-1, annex C)
_WIDEST_BLEED_MM = 50.0
_WIDEST_SAFE_MM = 100.0
LARGEST_PROFILE = 8_000_000  # bytes
_LONGEST_NAME = 60


class Press(msgspec.Struct, frozen=True, kw_only=True):
    """How one print shop wants its files; as it is, a file for the office printer."""

    bleed_mm: float = 0  # printed beyond the trim, for a knife that slips
    safe_mm: float = 0  # within the trim, where a frame may cover the poster
    marks: bool = False  # crop and registration marks, colour bar and slug around the poster
    icc: bytes | None = None  # the profile of the print shop's press, CMYK
    condition: str = ""  # the registered name of its printing condition: 'FOGRA51'
    ink_spread_um: float = 0  # by how much bars come out too wide on this paper
    scale: Literal[1, 10] = 1  # millimetres of the wall in one millimetre of the file
    job: str = ""  # the print shop's number, for the slug


def usual(format: PanelFormat) -> Press:
    """Bleed, safe margin and scale that most print shops ask for at this size."""
    longest = max(format.width_mm, format.height_mm)
    scale: Literal[1, 10] = 10 if longest + 100 > LONGEST_PAGE_MM else 1
    if longest <= 850:
        return Press(bleed_mm=3, safe_mm=5, marks=True, scale=scale)
    if longest <= 1300:
        return Press(bleed_mm=5, safe_mm=8, marks=True, scale=scale)
    return Press(bleed_mm=10, safe_mm=20, marks=True, scale=scale)


def check(press: Press) -> None:
    """Raises ``WallError`` for wishes that no press can fulfil."""
    _within(press.bleed_mm, _WIDEST_BLEED_MM, "bleed")
    _within(press.safe_mm, _WIDEST_SAFE_MM, "safe margin")
    if not 0 <= press.ink_spread_um <= 1000:
        raise WallError(
            "An ink spread of {spread:g} µm makes no sense: 0 to 1000 µm do.",
            spread=press.ink_spread_um,
        )
    for said in (press.condition, press.job):
        if len(said) > _LONGEST_NAME or not said.isprintable():
            raise WallError(
                "“{name}…” is too long or not plain text: a printing condition or a job has at "
                "most {most} characters.",
                name=said[:20].encode("ascii", "replace").decode(),
                most=_LONGEST_NAME,
            )
    if press.icc is not None:
        profile_name(press.icc)


def check_page(press: Press, format: PanelFormat, around_mm: float) -> None:
    """Raises ``WallError`` for a panel that is too large for a page at this scale."""
    longest = max(format.width_mm, format.height_mm) + 2 * around_mm
    if longest > LONGEST_PAGE_MM * press.scale:
        raise WallError(
            "{format} is too large for a page at 1:{scale}: its longer side with bleed and marks "
            "is {longest:.2f} m, and {most:.2f} m fit. "
            + ("Ask for a file at 1:10." if press.scale == 1 else "Cut the wall into panels."),
            format=format.name,
            scale=press.scale,
            longest=longest / 1000,
            most=LONGEST_PAGE_MM * press.scale / 1000,
        )
    if press.safe_mm * 4 > min(format.width_mm, format.height_mm):
        raise WallError(
            "A safe margin of {safe:g} mm leaves nothing of {format}.",
            safe=press.safe_mm,
            format=format.name,
        )


def profile_name(icc: bytes) -> str:
    """What an ICC profile calls itself. Raises ``WallError`` unless it is one for CMYK output.

    The header is ICC.1:2022, 7.2; only what an output intent needs is looked at here, and the
    whole is then opened by LittleCMS.
    """
    from PIL import ImageCms

    if len(icc) > LARGEST_PROFILE:
        raise WallError(
            "The ICC profile is larger than {most} MB.", most=LARGEST_PROFILE // 1_000_000
        )
    if len(icc) < 132 or icc[36:40] != b"acsp" or struct.unpack(">I", icc[:4])[0] != len(icc):
        raise WallError("The file given as ICC profile is none, or not whole.")
    if icc[16:20] != b"CMYK":
        raise WallError(
            "The ICC profile is for {colours}, but a press prints CMYK. Ask the print shop for the "
            "profile of its press.",
            colours=icc[16:20].decode("ascii", "replace").strip() or "nothing",
        )
    if icc[12:16] != b"prtr":
        raise WallError("The ICC profile is not that of a press (its class is not “prtr”).")
    try:
        from io import BytesIO

        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        inks.check(icc)
        said = " ".join(ImageCms.getProfileDescription(profile).split())
        return "".join(filter(str.isprintable, said))[:_LONGEST_NAME]
    except WallError:
        raise
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        raise WallError("The file given as ICC profile is none, or not whole.") from error


def _within(value: float, most: float, name: str) -> None:
    if not 0 <= value <= most:
        raise WallError(
            "A {name} of {value:g} mm makes no sense: 0 to {most:g} mm do.",
            name=name,
            value=value,
            most=most,
        )
