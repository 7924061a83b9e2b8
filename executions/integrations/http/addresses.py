"""Which addresses an HTTP Task may connect to: the public internet, and what is allow-listed.

A workflow's author must not reach what the workers can: this machine, its network, the cloud's
metadata. Names are resolved first and each address is judged, then that very address is connected
to: neither another way of writing it nor a name that changes its answer gets around it.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

Address = IPv4Address | IPv6Address

_EMBEDDING: Final = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""Networks whose addresses carry an IPv4 address in their last bits: NAT64, and the old
"compatible" form."""
_NEVER: Final = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's own host, a public address
        # IANA's special registries, which Python's ipaddress knows in part, by its patch level.
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "fec0::/10",  # site-local, given up, and still routed by some
        "5f00::/16",  # segment routing
        "3fff::/20",  # documentation
    )
)


class ForbiddenAddress(OSError):
    """The host is, or resolves to, an address that HTTP Tasks may not connect to."""


@dataclass(frozen=True, slots=True)
class AllowList:
    """Networks and host names that may be connected to although they are not public.

    A name may begin with ``*.``, which stands for one or more labels.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[str]) -> AllowList:
        """Read entries such as ``10.1.0.0/16``, ``erp.example`` or ``*.internal.example``.

        Raises ValueError for a network that is none.
        """
        networks, names = [], set()
        for entry in entries:
            text = entry.strip().lower().rstrip(".")
            if not text:
                continue
            if "/" in text or ":" in text or text.replace(".", "").isdigit():
                networks.append(ip_network(text))
            else:
                names.add(text)
        return cls(tuple(networks), frozenset(names))

    def has_name(self, host: str) -> bool:
        """Whether every address of ``host`` is allowed."""
        labels = host.lower().rstrip(".").split(".")
        wider = ("*." + ".".join(labels[start:]) for start in range(1, len(labels)))
        return ".".join(labels) in self.names or any(name in self.names for name in wider)

    def has_address(self, address: Address) -> bool:
        """Whether the address is in an allowed network."""
        return any(
            address in network for network in self.networks if network.version == address.version
        )


def resolve(host: str, port: int, allowed: AllowList) -> list[str]:
    """The addresses of ``host`` to connect to, the first one first.

    Raises ForbiddenAddress where any of them is not allowed, OSError where it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    texts = list(dict.fromkeys(str(info[4][0]) for info in found))
    if not allowed.has_name(host):
        for text in texts:
            address = ip_address(text)
            if not (is_public(address) or allowed.has_address(address)):
                raise ForbiddenAddress(
                    f"{host} is at {text}, which is not a public address. Add it, its network or "
                    "its name to STEPWELL_HTTP_ALLOW where HTTP Tasks may call it."
                )
    return texts


def is_public(address: Address) -> bool:
    """Whether the address, and each that it carries in itself, is one of the public internet."""
    carried = _carried(address)
    if carried is not None:
        return is_public(carried)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NEVER if network.version == address.version)
    )


def _carried(address: Address) -> Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.scope_id is not None:
        return IPv6Address("fe80::1")  # a zone: of a link, whatever the address says
    if address in (IPv6Address("::"), IPv6Address("::1")):
        return None
    direct = address.ipv4_mapped or address.sixtofour
    if direct is not None:
        return direct
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None
