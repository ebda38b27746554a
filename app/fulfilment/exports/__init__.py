"""What logistics partners get: the day of a place as tables, and as events every trade partner reads.

All of it is a view of what is there anyway. No name, phone or mail address is in any of it.
"""

from app.fulfilment.exports.actions import as_csv, day_of, epcis
from app.fulfilment.exports.models import Document, Table

__all__ = ["Document", "Table", "as_csv", "day_of", "epcis"]
