"""The processes of a shop: web, worker, the servers they need, and who looks after them.

`services` gives the addresses of PostgreSQL and Valkey, the shop's own where none are set.
Nothing heavy is imported before it is needed: the supervisor stays small.
"""

from app.serving.services import services

__all__ = ["services"]
