"""Shoppers say that a code is damaged or pasted over. Nobody is in it: a label, a kind, a sum."""

from app.scan.reports.actions import report, resolve, told_of

__all__ = ["report", "resolve", "told_of"]
