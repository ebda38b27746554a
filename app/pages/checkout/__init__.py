"""Delivery, payment, and the page that follows an order; the test provider's page; the outbox."""
