"""People who work here: who they are, signing in and out, and the trail of what they did.

A page or action asks `request.user` (a `Person` or None) and notes every act of staff with
`staff.note` in the transaction of the act. Roles are checked by the permission table.
"""

from app.staff.actions import (
    approve,
    change_password,
    change_pin,
    hire,
    new_badge,
    note,
    seal,
    sign_in,
    sign_out,
)
from app.staff.models import ROLES, Account, Person, Role
from app.staff.queries import forget_old_sessions, people
from app.staff.recognition import Recognition, cookie_name

__all__ = [
    "ROLES",
    "Account",
    "Person",
    "Recognition",
    "Role",
    "approve",
    "change_password",
    "change_pin",
    "cookie_name",
    "forget_old_sessions",
    "hire",
    "new_badge",
    "note",
    "people",
    "seal",
    "sign_in",
    "sign_out",
]
