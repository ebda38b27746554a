"""The packing table: what came instead stands on the slip, labels are read, lost totes are missed."""

import os
import re
from pathlib import Path

import pypdfium2

from app.db import begin, new_id
from app.fulfilment import packing, picking, substituting
from app.fulfilment.packing.papers import Label
from tests.fulfilment.builders import offending
from tests.staff_desk import open_shop

LOOKS = os.environ.get("PERRON_LOOKS")


async def test_slip_label_and_alarm_of_a_cart_with_a_substitute(world, database_url):
    milk, other = await world.product("Melk", price=149), await world.product("Volle melk")
    ice = await world.product("IJs", storage="frozen")
    order = await world.sell((milk, 2), (ice, 1), wish="similar")
    beside = await world.sell((ice, 1))
    picker = await world.person("picker")
    batch = await world.act(picking.start, picker, world.place)
    async with begin(world.pool) as db:
        lines = (await picking.pick_list(db, batch)).lines
    for line in lines:
        if line.product_id == milk.id:
            made = await world.act(substituting.offer, picker, line.id, product_id=other.id)
            async with begin(world.pool) as db:
                await substituting.answer(db, order, new_id(), made["substitute"], yes=True)
            first = line.fulfilment_id
        else:
            await world.act(picking.pick, picker, line.id, code=line.gtin, quantity=1)
    await world.pack(first)
    await world.pool.execute("UPDATE fulfilment.parcels SET sealed_at = now() - interval '1 hour'")

    async with begin(world.pool) as db:
        waiting = await packing.to_pack(db)
    assert {one.order_number: one.missing for one in waiting if one.missing} == {
        await number_of(world, beside): True
    }
    async with open_shop(database_url) as shop:
        desk = await shop.desk("packer")
        overview = (await desk.get("/packing", headers={"accept": "text/html"})).text
        zpl = (await desk.get(f"/packing/{first}/labels.zpl")).text
        slip = (await desk.get(f"/packing/{first}/slip.pdf")).content
    assert (
        await number_of(world, beside)
        in re.search(r'class="halt".*?</div>', overview, re.DOTALL)[0]
    )
    async with begin(world.pool) as db:
        parcels = (await packing.table(db, first)).parcels
    assert re.findall(r"\^BCN,220,N,N,N\^FD>;>800([0-9]{18})\^FS", zpl) == [
        parcel.sscc for parcel in parcels
    ]
    assert [parcel.storage for parcel in parcels] == ["ambient", "frozen"], "cold ones apart"
    words = words_of(slip, "slip")
    assert "in plaats van Melk" in words
    assert "iets anders" in words
    assert await offending(world.pool) == {}


def test_no_word_on_a_label_is_a_command_to_the_printer():
    label = Label(
        sscc="006141411234567890",
        link="HTTP://SHOP.TEST/00/006141411234567890",
        order_number="P-1^XZ",
        number=1,
        storage="chilled",
        storage_word="Gekoeld",
        place="~JA_Lombok\n^FS",
        window="12:00–14:00",
    )

    zpl = packing.print_labels_zpl([label])

    assert zpl.count("^XA") == zpl.count("^XZ") == 1
    assert "~" not in zpl
    assert "_7EJA_5FLombok_5EFS" in zpl
    assert len(zpl) < 900


async def number_of(world, order):
    return await world.pool.fetchval("SELECT number FROM orders.orders WHERE id = $1", order)


def words_of(body, name):
    document = pypdfium2.PdfDocument(body)
    if LOOKS:
        document[0].render(scale=1.5).to_pil().save(Path(LOOKS) / f"{name}.png")
    words = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return words
