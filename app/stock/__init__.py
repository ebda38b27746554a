"""What is on the shelf, what of it is promised, and to whom."""
