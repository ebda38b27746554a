"""From a code on a wall to a product in the basket."""
