"""Postcodes of GeoNames: read whole or not at all, whatever stands in the file."""

import asyncio

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some

from app import slots
from app.cli import perron
from app.slots.plans import postcodes
from tests.staff_desk import open_shop


def row(code="1011 AB", latitude="52.3731", longitude="4.9068", country="NL", **more):
    cells = [country, code, "Amsterdam", "Noord-Holland", "07", *[""] * 4, latitude, longitude, "6"]
    return "\t".join([*cells, *more.get("also", ())])


def read(*rows):
    return postcodes.read("\n".join(rows).encode())


def test_streets_are_read_and_their_area_is_the_middle_of_them():
    found = read(row(), row("1011AC", "52.3733", "4.9070"), "", row("9999", country="BE"))

    assert found.wrong == 0
    assert found.rows == 3
    assert {point[:2]: point[2:] for point in found.points} == {
        ("NL", "1011AB"): (52.3731, 4.9068),
        ("NL", "1011AC"): (52.3733, 4.9070),
        ("BE", "9999"): (52.3731, 4.9068),
        ("NL", "1011"): pytest.approx((52.3732, 4.9069)),
    }


def test_an_area_that_has_a_row_of_its_own_keeps_it_and_twice_the_same_is_the_middle():
    found = read(row("1011", "52.0", "4.0"), row("1011", "53.0", "5.0"), row("1011 AB"))

    assert ("NL", "1011", 52.5, 4.5) in found.points
    assert len(found.points) == 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (row(also=["more"]), postcodes.NOT_TWELVE),
        ("NL;1011;Amsterdam", postcodes.NOT_TWELVE),
        (row(country="Nederland"), postcodes.NO_COUNTRY),
        (row(country="ＮＬ"), postcodes.NO_COUNTRY),
        (row(code="'; DROP TABLE"), postcodes.NO_CODE),
        (row(code="1011\x00AB"), postcodes.NO_CODE),
        (row(code="١٠١١"), postcodes.NO_CODE),
        (row(code=""), postcodes.NO_CODE),
        (row(latitude="91"), postcodes.NO_DEGREES),
        (row(longitude="-180.1"), postcodes.NO_DEGREES),
        (row(latitude="NaN"), postcodes.NO_DEGREES),
        (row(latitude="1e1"), postcodes.NO_DEGREES),
        (row(latitude="52,37"), postcodes.NO_DEGREES),
        (row(latitude="٥٢"), postcodes.NO_DEGREES),
        (row(latitude="0", longitude="0.0"), postcodes.NOWHERE),
    ],
)
def test_a_row_that_cannot_be_is_named(line, sentence):
    found = read(row(), line)

    [complaint] = found.complaints
    assert (complaint.row, complaint.sentence, found.wrong) == (2, sentence, 1)
    assert complaint.sentence.format(**complaint.values)


def test_files_that_are_none_are_refused_as_a_whole(monkeypatch):
    monkeypatch.setattr(postcodes, "MOST_ROWS", 3)

    refused = [postcodes.read(content) for content in (b"", b"\xff\xfe\x00", b" \n\t\n", b"\n" * 4)]

    assert [one.complaints[0].row for one in refused] == [0] * 4
    assert all(one.wrong and not one.points for one in refused)


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: text.encode()))
def test_whatever_is_sent_is_read_or_named(content):
    found = postcodes.read(content)

    assert found.wrong or found.points
    assert len(found.complaints) <= postcodes.MOST_COMPLAINTS


def test_a_file_that_is_all_wrong_names_the_first_hundred_rows():
    found = read(*["wrong"] * 250)

    assert (found.wrong, len(found.complaints)) == (250, 100)


async def test_a_file_comes_in_by_the_page_or_the_shell_and_nothing_of_a_wrong_one(
    db, pool, database_url, tmp_path
):
    right, wrong = row(), row("1011 XX") + "\n" + row(latitude="north")
    file = tmp_path / "NL.txt"
    file.write_text(right)
    broken = tmp_path / "BROKEN.txt"
    broken.write_text(wrong)
    env = {
        "DATABASE_URL": database_url,
        "PERRON_HOME": str(tmp_path),
        "REDIS_URL": "redis://nowhere",
    }

    def shell(*words):
        runner = CliRunner(env=env)
        return asyncio.to_thread(runner.invoke, perron, ["import", "postcodes", *words])

    dry = await shell(str(file), "--dry-run")
    unknown = await slots.locate(db, "1011 AB")
    refused = await shell(str(broken))
    done = await shell(str(file))
    again = await shell(str(file))
    async with open_shop(database_url) as shop:
        desk = await shop.desk("dispatcher")
        sent = {"command": str(slots.plans.queries.new_id())}
        bad = await desk.post("/dispatch/postcodes", data=sent, files={"file": ("x.txt", wrong)})
        good = await desk.post(
            "/dispatch/postcodes", data=sent, files={"file": ("y.txt", row("1012 AA"))}
        )
        picker = await (await shop.desk("picker")).get("/dispatch/postcodes")

    assert (dry.exit_code, dry.output) == (0, "Would import 2 points from 1 rows.\n")
    assert unknown is None
    assert refused.exit_code == 1
    assert "row 2: “north” is no point in degrees" in refused.output
    assert (done.exit_code, again.exit_code) == (0, 0)
    assert await slots.locate(db, "1011 AB") == (52.3731, 4.9068)
    assert await slots.locate(db, "1011 ZZ") == pytest.approx((52.3731, 4.9068)), "the area"
    assert (bad.status_code, good.status_code, picker.status_code) == (422, 200, 403)
    assert "Regel 2" in bad.text
    assert await slots.locate(db, "1012 AB") is not None
    assert await slots.locate(db, "1011 XX") == pytest.approx((52.3731, 4.9068)), "its area alone"
