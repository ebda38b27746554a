"""Orders: what was sold to whom, and where it is now."""
