"""Which addresses the fetcher may connect to: the public internet, and nothing that only looks like it.

Lists follow the IANA special-purpose address registries (RFC 6890 and its updates). They are written out here
because what `ipaddress.is_global` means has changed between Python releases.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from forecasts.errors import FetchRefused

SPECIAL_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host agent: a public number that never leaves the host
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
GLOBAL_IPV6 = IPv6Network("2000::/3")
SPECIAL_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
PRIVATE = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("::1/128"),
    IPv6Network("fc00::/7"),
)


def check_address(ip: str, *, private: bool = False) -> None:
    """Refuse an address that is not on the public internet.

    `private` also lets loopback and site-private addresses through, for hosts that an operator named; link-local
    (cloud metadata), multicast and reserved ones stay refused.

    Raises FetchRefused with code `address`.
    """
    try:
        address = ip_address(ip)
    except ValueError:
        raise _refusal(ip) from None
    if not (_is_public(address) or (private and _is_private(address))):
        raise _refusal(ip)


def is_public(ip: str) -> bool:
    """Whether `ip`, a valid address, is on the public internet."""
    return _is_public(ip_address(ip))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in block for block in SPECIAL_IPV4)
    return address.scope_id is None and address in GLOBAL_IPV6 and not any(address in block for block in SPECIAL_IPV6)


def _is_private(address: IPv4Address | IPv6Address) -> bool:
    return any(address in block for block in PRIVATE)


def _refusal(ip: str) -> FetchRefused:
    return FetchRefused(f"{ip} is not an address on the public internet; only such addresses are read", "address")
