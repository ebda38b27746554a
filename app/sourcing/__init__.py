"""Which place sends an order."""
