"""From a confirmed order to the doorstep: picked, packed, driven, handed over."""
