import re

import zxingcpp
from PIL import Image

from app.serving import screen
from app.serving.screen import Login
from app.settings import load

DARK = {" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}


def test_the_screen_leads_to_every_desk_with_its_login(tmp_path):
    settings = load({"PERRON_HOME": str(tmp_path), "PERRON_BASE_URL": "http://192.168.7.9:8000"})
    screen.keep_logins(settings, [Login("Picking", "piet", "zout-peper-12")])

    text = screen.text(settings)

    for path in screen.DESKS.values():
        assert f"http://192.168.7.9:8000{path}" in text
    assert re.search(r"Picking .* piet / zout-peper-12", text)
    assert str(tmp_path / "posters") in text
    assert (tmp_path / "logins.json").stat().st_mode & 0o077 == 0


def test_a_phone_can_read_the_code_on_the_terminal():
    lines = [line.removeprefix("  ") for line in screen._code("http://192.168.7.9:8000")]
    picture = Image.new("L", (len(lines[0]) * 4 + 32, len(lines) * 8 + 32), 255)
    for y, line in enumerate(lines):
        for x, character in enumerate(line):
            for half, dark in enumerate(DARK[character]):
                box = (16 + x * 4, 16 + y * 8 + half * 4)
                picture.paste(0 if dark else 255, (*box, box[0] + 4, box[1] + 4))

    [code] = zxingcpp.read_barcodes(picture)

    assert code.text == "http://192.168.7.9:8000"
