"""What is done before the shop opens, and what is left alone."""

import asyncpg
import msgspec
import pytest

from app import embedded
from app.serving import opening, services, stamps
from app.settings import load


@pytest.fixture
def settings(tmp_path):
    """A shop with servers of its own, in a folder that others may pass through."""
    tmp_path.chmod(0o711)
    with services(load({"PERRON_HOME": str(tmp_path / "home")})) as settings:
        yield settings


async def goods_named(settings, name):
    db = await asyncpg.connect(settings.database_url)
    try:
        await db.execute("CREATE TABLE IF NOT EXISTS public.goods (name text)")
        await db.execute("INSERT INTO public.goods VALUES ($1)", name)
    finally:
        await db.close()


async def tables(settings):
    db = await asyncpg.connect(settings.database_url)
    try:
        return {row["tablename"] for row in await db.fetch("SELECT tablename FROM pg_tables")}
    finally:
        await db.close()


async def test_half_a_demo_makes_room_for_a_whole_one(settings):
    await goods_named(settings, "half")

    await opening._begin_again(settings.database_url)

    assert "goods" not in await tables(settings)


def test_a_filling_that_was_cut_off_is_known(settings):
    with pytest.raises(KeyboardInterrupt), stamps.filling(settings):
        raise KeyboardInterrupt
    assert stamps.was_cut_off(settings)

    with stamps.filling(settings):
        pass
    assert not stamps.was_cut_off(settings)


async def test_a_prepared_shop_is_prepared_again_for_another_address(settings):
    assert not stamps.is_prepared(settings)
    stamps.set_prepared(settings)

    assert stamps.is_prepared(settings)
    assert not stamps.is_prepared(msgspec.structs.replace(settings, base_url="https://a.example"))


def test_notes_go_when_the_data_go(tmp_path):
    settings = load({"PERRON_HOME": str(tmp_path / "home")})
    with services(settings) as running:
        stamps.set_prepared(running)
    embedded.data_folder(settings.home).rename(tmp_path / "gone")

    assert not stamps.is_prepared(settings)
