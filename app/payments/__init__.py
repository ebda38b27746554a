"""Payments: what an order wants paid, what providers tell us, money back."""
