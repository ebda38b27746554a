"""500 products on one A0, read from 25 cm: to a finished PDF, to its proof, and through a phone.

Each figure is taken in a process of its own that has done nothing else. Seconds are its processor's,
so that neighbours do not count, and begin when its libraries are there; typefaces, pictures, codes
and labels are all cold.
"""

import asyncio
import resource
import subprocess
import sys
import time
from functools import cache
from io import BytesIO
from random import Random

import msgspec

PRODUCTS = 500
PICTURES = 81  # different ones, as photographs of 300 × 400 pixels


class Measured(msgspec.Struct, frozen=True):
    pdf_s: float
    proof_s: float  # both
    rss_mb: float
    kb: float
    read: int  # from the file and through the phone, by both readers


async def wall_500_pdf_s() -> tuple[float, None]:
    return (await _measured("pictures")).pdf_s, None


async def wall_500_proof_s() -> tuple[float, None]:
    return (await _measured("pictures")).proof_s, None


async def wall_500_rss_mb() -> tuple[float, None]:
    return (await _measured("pictures")).rss_mb, None


async def wall_500_kb() -> tuple[float, None]:
    return (await _measured("plain")).kb, None


async def codes_read_share() -> tuple[float, None]:
    """Of 500 codes, how many both readers read from the PDF and again at 3 pixels a module, tilted
    by 30°, blurred by 0.7 pixels, as JPEG 60."""
    return (await _measured("capture")).read / PRODUCTS, None


async def _measured(kind: str) -> Measured:
    return await asyncio.to_thread(_in_a_process, kind)


@cache
def _in_a_process(kind: str) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.walls", kind], check=True, capture_output=True
    )
    return msgspec.json.decode(done.stdout, type=Measured)


def _measure(kind: str) -> Measured:
    from qr_walls import posters
    from tests.qr_walls.builders import NOON
    from tests.qr_walls.fonts import faces

    wall, products = _wall(pictures=kind == "pictures")
    ends: dict[str, float] = {}

    def note(stage: str, done: int, whole: int) -> None:
        if done == whole:
            ends[stage] = time.process_time() - started

    started = time.process_time()
    made = posters.make(wall, products, faces(), created_at=NOON, progress=note)
    whole_s = time.process_time() - started
    read = sum(light.read == (True, True) for light in made.proof.lights)
    if kind == "capture":
        read = min(read, _captured(made))
    return Measured(ends["drawing"], whole_s, _peak_mb(), len(made.pdf) / 1000, read)


def _captured(made):  # type: ignore[no-untyped-def]
    from qr_walls.reading import readers
    from tests.qr_walls.capture import captures

    seen = captures(made.pdf, made.places)
    return sum(
        readers(picture) == (frozenset({place.text}), frozenset({place.text}))
        for picture, place in zip(seen, made.places, strict=True)
    )


def _wall(*, pictures: bool):  # type: ignore[no-untyped-def]
    from qr_walls import formats, planogram
    from qr_walls.model import Wall
    from tests.qr_walls.builders import everything, product

    packs = _photographs() if pictures else [None]
    products = [
        (everything if number % 5 == 0 else product)(
            number,
            picture=packs[number % len(packs)],
            category=f"Schap {number // 25}",
            names={"nl": f"{_NAMES[number % len(_NAMES)]} {number}"},
        )
        for number in range(PRODUCTS)
    ]
    address = "https://perron.example"
    panels = planogram.arrange(
        products, formats.named("A0"), 0.25, address, panels=1, random=Random(1)
    )
    wall = Wall(name="Utrecht Centraal", base_url=address, distance_m=0.25, panels=panels)
    return wall, {one.gtin: one for one in products}


_NAMES = ("Halfvolle melk", "Ontbijtkoek met gember", "Jasmijnrijst", "Afwasmiddel citroen", "Bier")


def _photographs() -> list[bytes]:
    from PIL import Image

    photographs = []
    for number in range(PICTURES):
        across = Image.linear_gradient("L").resize((300, 400))
        colour = (37 * number % 256, 91 * number % 256, 151 * number % 256)
        photograph = Image.composite(
            Image.effect_noise((300, 400), 40).convert("RGB"),
            Image.new("RGB", (300, 400), colour),
            across,
        )
        file = BytesIO()
        photograph.save(file, "JPEG", quality=85)
        photographs.append(file.getvalue())
    return photographs


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_measure(sys.argv[1])))
