"""Stripe, by its own SDK: a hosted page (Checkout), and facts by signed notification or when asked."""

from app.payments.stripe.provider import StripeProvider

__all__ = ["StripeProvider"]
