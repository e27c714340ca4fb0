"""Which IP addresses are of the open Internet, whatever they are wrapped in."""

import ipaddress

# Networks of IPv6 addresses that end in one of IPv4: translated ones, and a form that is out of use.
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
# Of one site or network alone, although not all versions of the standard library know it: addresses of
# a site, and those that its own translator takes to IPv4.
_CLOSED = tuple(map(ipaddress.IPv6Network, ("fec0::/10", "64:ff9b:1::/48")))
# The last half of an address that tunnels IPv4 within a site begins so, but for two bits; the IPv4
# address is the rest of it.
_TUNNEL, _TUNNEL_BITS = 0x00005EFE, 0xFCFFFFFF

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, whatever it is wrapped in."""
    try:
        read: _Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return not any(read in network for network in _CLOSED) and all(
        each.is_global and not each.is_multicast for each in _unwrapped(read)
    )


def _unwrapped(address: _Address) -> list[_Address]:
    """The address, or those of IPv4 that stand in it."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if any(address in carrier for carrier in _CARRIERS):
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    inner = [address.sixtofour, *(address.teredo or ())]
    if (int(address) >> 32) & _TUNNEL_BITS == _TUNNEL:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(each for each in inner if each is not None)]
