"""What lies beside the shelf: to be looked at, to be sold for less, thrown away.

`put` is how it gets there, `move` where it goes next; nobody sells it meanwhile, `lying` shows it.
"""

from app.stock.aside.actions import move, put
from app.stock.aside.models import Goal, Goods, Lying, State
from app.stock.aside.queries import lying

__all__ = ["Goal", "Goods", "Lying", "State", "lying", "move", "put"]
