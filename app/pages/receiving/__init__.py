"""Where parcels come back: scan, look at it, put it where it belongs."""
