"""Where a request came from: the right-most hop that is not one of our own proxies.

A client writes what it likes into X-Forwarded-For; each proxy adds, on the right, whom it saw.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from litestar.types import HTTPScope

Network = IPv4Network | IPv6Network


def networks(written: Sequence[str]) -> list[Network]:
    """`10.0.0.0/8` or `192.0.2.7`; raises ValueError naming what is neither."""
    return [ip_network(text) for text in written]


def address_of(scope: HTTPScope, proxies: Sequence[Network]) -> str:
    """An IPv4 address, or the /64 of an IPv6 one, since a household has all of that."""
    client = scope.get("client")
    seen = client[0] if client else ""
    if proxies and _is_one_of(seen, proxies):
        for hop in reversed(_forwarded(scope)):
            if not _is_address(hop):
                break
            seen = hop
            if not _is_one_of(hop, proxies):
                break
    return _grouped(seen)


def _forwarded(scope: HTTPScope) -> list[str]:
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop.strip() for hop in b",".join(lines).decode("latin-1").split(",")][-20:]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_one_of(text: str, proxies: Sequence[Network]) -> bool:
    if not _is_address(text):
        return text == ""  # a proxy on a Unix socket has no address
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:  # where we listen on both
        address = address.ipv4_mapped
    return any(address in network for network in proxies)


def _grouped(text: str) -> str:
    if not _is_address(text):
        return "unknown"
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)
