"""Where the shop can be reached, and which port is free."""

import socket

PORTS_TO_TRY = 50


def local_address() -> str:
    """This machine's address in the local network, as a phone in it would use; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address that is nobody's
        except OSError:
            return "localhost"
        address: str = probe.getsockname()[0]
    return "localhost" if address.startswith("127.") or address == "0.0.0.0" else address


def is_free(host: str, port: int) -> bool:
    """Asked without SO_REUSEPORT: with it, two shops would share a port and its customers."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str, port: int) -> int | None:
    """This port or the next free one after it."""
    candidates = range(port, min(port + PORTS_TO_TRY, 65536))
    return next((candidate for candidate in candidates if is_free(host, candidate)), None)
