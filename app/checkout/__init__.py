"""From a cart to an order, in short steps that can each be repeated."""
