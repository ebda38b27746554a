"""What a till prints on a roll of 80 mm: the receipt, and the drawer as it stands (X) or was closed
(Z). On the screen and on the roll the same is said; this is the file of it."""

from app.tills.papers.counting import Counted, print_counted
from app.tills.papers.selling import Sold, advantages_of, letters_of, print_receipt

__all__ = [
    "Counted",
    "Sold",
    "advantages_of",
    "letters_of",
    "print_counted",
    "print_receipt",
]
