"""Points of shoppers with an account: earned with goods, turned into gift cards, put right by returns.

`settle` brings what an order earned in line with what of it was kept and paid; it may be called as often
as one likes. `spend` makes a gift card of points, `give` is goodwill, `see` what an account has. README.md
beside this file says why it is so.
"""

from app.loyalty.actions import expire, give, lost, of_order, see, settle, spend
from app.loyalty.models import Account
from app.loyalty.queries import forget_person
from app.loyalty.rules import holds_until, would_earn

__all__ = [
    "Account",
    "expire",
    "forget_person",
    "give",
    "holds_until",
    "lost",
    "of_order",
    "see",
    "settle",
    "spend",
    "would_earn",
]
