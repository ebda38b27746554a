"""From the tote into numbered parcels, cold ones apart, with label and slip."""

from app.fulfilment.packing.actions import seal, table
from app.fulfilment.packing.coming_back import print_return_label
from app.fulfilment.packing.finding import parcel
from app.fulfilment.packing.papers import Label, Slip, SlipLine, print_labels, print_slip
from app.fulfilment.packing.queries import by_order_number, to_pack
from app.fulfilment.packing.zpl import print_labels_zpl
from app.orders import faces

__all__ = [
    "Label",
    "Slip",
    "SlipLine",
    "by_order_number",
    "faces",
    "parcel",
    "print_labels",
    "print_labels_zpl",
    "print_return_label",
    "print_slip",
    "seal",
    "table",
    "to_pack",
]
