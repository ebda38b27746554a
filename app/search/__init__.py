"""Finding what somebody asks for: names in three languages, brands, categories, numbers.

`find` answers as people type, `shown_by` pictures the categories; `refresh` keeps what is searched in step with the catalogue.
"""

from app.search.actions import find, refresh, shown_by
from app.search.models import Found

__all__ = ["Found", "find", "refresh", "shown_by"]
