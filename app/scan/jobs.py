from datetime import timedelta

from app.jobs import Register
from app.scan import figures


def register(register: Register) -> None:
    register.every(timedelta(minutes=5), "begin the mornings of walls", figures.begin_mornings)
