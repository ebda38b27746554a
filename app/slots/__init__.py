"""When it comes: who delivers where, and how many orders fit in."""
