"""The built-in test provider: an outside party that works like a hosted payment page.

It keeps books of its own (`payments.test_*`), tells the shop by signed notifications, answers when
asked, pays back, and can be told to decline, ask for a second step, be late, tell twice, tell in
the wrong order, or never tell at all. `TestProvider` is what the shop sees of it; the verbs here
are what its payment page does.
"""

from app.payments.testpay.actions import NOTIFICATION, choose, deliver, look
from app.payments.testpay.models import Choice, Page
from app.payments.testpay.provider import TestProvider

__all__ = ["NOTIFICATION", "Choice", "Page", "TestProvider", "choose", "deliver", "look"]
