"""A press for tests: the smallest whole ICC profile that turns CMYK into colours."""

import struct


def profile(
    colours: bytes = b"CMYK", name: str = "Test press, coated", *, both_ways: bool = True
) -> bytes:
    """ICC.1:2022 with a ``lut8`` of two grid points per ink, which is what mixing inks does."""
    lab = bytes(
        value for corner in range(16) for value in (255 - 60 * corner.bit_count(), 128, 128)
    )
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + lab + ramp * 3
    # Back again: the darker, the more of each ink; what is red takes no cyan.
    mixed = bytes(
        255 - light if ink != "C" else min(255 - light, 255 - red)
        for light in (0, 255)
        for red in (0, 255)
        for _ in (0, 255)
        for ink in "CMYK"
    )
    back = b"mft1" + bytes(4) + bytes([3, 4, 2, 0]) + matrix + ramp * 3 + mixed + ramp * 4
    said = name.encode("ascii") + b"\0"
    described = b"desc" + bytes(4) + struct.pack(">I", len(said)) + said + bytes(78)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    rights = b"text" + bytes(4) + b"For tests\0"
    tags = {b"desc": described, b"cprt": rights, b"wtpt": white, b"A2B0": table, b"B2A0": back}
    if not both_ways:
        del tags[b"B2A0"]
    place = 128 + 4 + 12 * len(tags)
    index, bodies = struct.pack(">I", len(tags)), b""
    for tag, body in tags.items():
        index += tag + struct.pack(">2I", place + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    head = bytearray(128)
    head[0:4] = struct.pack(">I", 128 + len(index) + len(bodies))
    head[8:24] = struct.pack(">I", 0x02400000) + b"prtr" + colours + b"Lab "
    head[36:40] = b"acsp"
    head[68:80] = struct.pack(">3i", 63190, 65536, 54061)
    return bytes(head) + index + bodies
