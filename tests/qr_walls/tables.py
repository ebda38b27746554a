"""Tables as somebody might send them."""

from qr_walls import gtin

TABLE = f"""\ufeffpanel;shelf;position;gtin;name;price;unit_price;unit;picture;token
1;2;1;{gtin.demo(3)};Appelsap;1,89;1,89;l;;
1;1;1;{gtin.demo(1)};Halfvolle melk;1,49;1,49;l;melk.png;KK56AR7
1;1;2;{gtin.demo(2)};Karnemelk;1,29;;;;
"""

PLACES = f"""panel;shelf;position;gtin;facings
1;1;1;{gtin.demo(1)};3
1;1;2;{gtin.demo(2)};
2;1;1;{gtin.demo(1)};
"""
PRODUCTS = f"""gtin;name;price;content;category
{gtin.demo(1)};Halfvolle melk;1,49;1 l;Zuivel
{gtin.demo(2)};Karnemelk;1,29;500 ml;Zuivel
"""
