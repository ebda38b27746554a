from app.errors import Conflict
from app.stock.aside.models import Goal, State


def check_way(storage: str, state: State, to: Goal) -> None:
    """Raises Conflict for a way that does not exist: what is thrown away stays so, and food that was
    out of the cold chain is never sold again (852/2004/EC, annex II, ch. IX)."""
    if state == "waste" or state == to:
        raise Conflict("It cannot go there from where it is.", code="no-such-way")
    if storage != "ambient" and to != "waste":
        raise Conflict("What must be kept cold is never sold again.", code="was-cold")
