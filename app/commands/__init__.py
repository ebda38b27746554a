"""Every change is a command with an id made by its sender: it may arrive twice and acts once.

`once` (or `begin` and `finish`, where many are carried out at a time) stands in the transaction of the effect. Two at once: the second waits for the
first (the primary key makes it wait, `lock_timeout` bounds the wait) and gets the same answer.
"""

from app.commands.actions import begin, copy_to, fingerprint, finish, forget_old, kept, once
from app.commands.queries import Done

__all__ = ["Done", "begin", "copy_to", "fingerprint", "finish", "forget_old", "kept", "once"]
