"""From the tote into numbered parcels, cold ones apart, with label and slip."""

from app.fulfilment.packing.actions import parcel, seal, table
from app.fulfilment.packing.papers import Label, Slip, SlipLine, print_labels, print_slip
from app.fulfilment.packing.queries import by_order_number, to_pack
from app.fulfilment.packing.typefaces import faces
from app.fulfilment.packing.zpl import print_labels_zpl

__all__ = [
    "Label",
    "Slip",
    "SlipLine",
    "by_order_number",
    "faces",
    "parcel",
    "print_labels",
    "print_labels_zpl",
    "print_slip",
    "seal",
    "table",
    "to_pack",
]
