"""What walls sell, without persons: scans, additions and orders, by place, by site, by morning."""

from app.scan.figures.actions import begin_mornings, heat, honoured, morning, silent, traffic

__all__ = ["begin_mornings", "heat", "honoured", "morning", "silent", "traffic"]
