"""What a place cannot send after all, another place sends, in the window that was promised.

`refuse` is a place that says so before anybody picks; `instead` finds others for what is missing on a
shelf. Whoever refused is not asked again, so that it ends; what nobody can send is work for a person:
`try_again`, `wait` or `give_up`. What was to be collected never becomes a delivery by itself.
"""

from app.fulfilment.resourcing.actions import instead, refuse
from app.fulfilment.resourcing.unfilled import Work, give_up, to_do, try_again, wait

__all__ = ["Work", "give_up", "instead", "refuse", "to_do", "try_again", "wait"]
