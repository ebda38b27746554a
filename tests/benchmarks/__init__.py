"""How fast the shop is, each figure beside a limit taken in the same run. Never a timed test."""
