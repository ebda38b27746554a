"""What a person may ask of us: to be told everything we keep about them, and to be forgotten.

A person is a mail address: an account, and every order that was placed with it. `tell` gathers what there
is in every table, `forget` takes it away wherever no law makes us keep it. What stays, and by which law,
stands in `rules`; a test walks the database and finds what stands in neither.
"""

from app.rights.actions import forget, tell

__all__ = ["forget", "tell"]
