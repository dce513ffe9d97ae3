"""Which addresses may be called: public ones, and those that the settings allow by name.

A name may resolve to another address each time, and a server may redirect, so what counts is the
address that a socket connects to: it is checked at that moment, whatever library connects.
"""

import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network

# Addresses of IPv6 that carry one of IPv4 in their last bits.
_CARRIERS: Final = tuple(map(ip_network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96")))
_RELAY: Final = ip_network("2002::/16")  # 6to4: the address of IPv4 comes after the prefix


class AddressRefused(OSError):  # so that whoever connects closes its socket
    """An address is one that a notice must not go to."""

    code = "address_refused"


_guarded = threading.local()
_installed = threading.Lock()


@contextmanager
def only_allowed(allow: Iterable[str]) -> Iterator[None]:
    """Let sockets of this thread connect to public addresses and the allowed ones only.

    Anything else raises AddressRefused where the connection is made, or, where a library swallows
    that, at the end.
    """
    if _installed.acquire(blocking=False):  # once in a process, and it stays
        sys.addaudithook(_watch)
    _guarded.networks, _guarded.refused = networks(allow), None
    try:
        yield
    except Exception as error:
        if _guarded.refused:
            raise _guarded.refused from error
        raise
    finally:
        _guarded.networks = None
    if _guarded.refused:
        raise _guarded.refused


def require_allowed(address: str, allow: Iterable[str]) -> None:
    """Refuse a URL that names, or resolves to, an address that is not allowed.

    A name that does not resolve is let through: that is no more than a failed delivery.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressRefused("An address in [notify] is not a URL.") from None
    if parts.scheme == "file" or not parts.scheme:
        raise AddressRefused(f"'{parts.scheme}:' is not an address that a notice can go to.")
    if not host or not _names_host(parts.scheme, host):
        return
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, port)}
    except (OSError, UnicodeError):
        return
    for each in found:
        _require(each, networks(allow), host)


def networks(allow: Iterable[str]) -> tuple[Network, ...]:
    """Turn allowed names, addresses and networks (10.0.0.0/8) into networks."""
    found: list[Network] = []
    for name in allow:
        try:
            found.append(ip_network(name, strict=False))
            continue
        except ValueError:
            pass
        try:
            found += [ip_network(str(each[4][0])) for each in socket.getaddrinfo(name, None)]
        except (OSError, UnicodeError, ValueError):
            continue  # a name that is unknown now allows nothing
    return tuple(found)


def _names_host(scheme: str, host: str) -> bool:
    """Tell whether the URL's second part is a host; apprise often puts a token there."""
    return (
        scheme in {"http", "https", "smtp", "smtps"}
        or host == "localhost"
        or ":" in host
        or (host.replace(".", "").isdigit())
    )


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in {"socket.connect", "socket.sendto"}:
        return
    known, address = getattr(_guarded, "networks", None), arguments[1]
    if known is not None and isinstance(address, tuple):
        try:
            _require(str(address[0]), known, str(address[0]))
        except AddressRefused as refused:
            _guarded.refused = refused
            raise


def _require(address: str, known: Iterable[Network], name: str) -> None:
    meant = _meant(ip_address(address.partition("%")[0]))
    if (meant.is_global and not meant.is_multicast) or any(meant in each for each in known):
        return
    sentence = (
        f"{name} is on this machine or in a private network ({meant}), where a notice does not go "
        f'unless the settings allow it: allow = ["{name}"] in [notify].'
    )
    raise AddressRefused(sentence)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the address of IPv4 that one of IPv6 stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    number = int(address)
    if any(address in each for each in _CARRIERS) and number > 1:
        return IPv4Address(number & 0xFFFF_FFFF)
    if address in _RELAY:
        return IPv4Address(number >> 80 & 0xFFFF_FFFF)
    return address
