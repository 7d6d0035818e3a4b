"""Which addresses may be connected to."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.errors import FetchRefused
from forecasts.evidence.addresses import check_address

PUBLIC = ["1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.0", "100.63.255.255", "2606:4700::1111", "2a00::1"]
PRIVATE = ["127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "::1", "fd00::1"]
NEVER = {
    "unspecified": "0.0.0.0",  # noqa: S104  an address to refuse, not one to bind
    "carrier-grade NAT": "100.64.0.1",
    "metadata of most clouds": "169.254.169.254",
    "metadata of Alibaba": "100.100.100.200",
    "metadata of Azure": "168.63.129.16",
    "protocol assignments": "192.0.0.192",
    "documentation": "192.0.2.1",
    "6to4 relay": "192.88.99.1",
    "benchmarking": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 unspecified": "::",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped public": "::ffff:1.1.1.1",
    "compatible": "::127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "local NAT64": "64:ff9b:1::7f00:1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "ORCHID": "2001:20::1",
    "IPv6 documentation": "2001:db8::1",
    "new IPv6 documentation": "3fff::1",
    "6to4": "2002:7f00:1::",
    "AS112": "2620:4f:8000::1",
    "link-local": "fe80::1",
    "link-local with zone": "fe80::1%eth0",
    "public with zone": "2606:4700::1111%1",
    "metadata over IPv6 link-local": "fe80::a9fe:a9fe",
    "site-local": "fec0::1",
    "IPv6 multicast": "ff02::1",
    "not an address": "localhost",
    "empty": "",
    "short form": "127.1",
    "octal": "0177.0.0.1",
}


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_are_fine(ip: str) -> None:
    check_address(ip)


@pytest.mark.parametrize("ip", [*PRIVATE, "fd00:ec2::254"])
def test_private_addresses_are_for_hosts_an_operator_named(ip: str) -> None:
    check_address(ip, private=True)
    with pytest.raises(FetchRefused, match="public internet") as caught:
        check_address(ip)
    assert caught.value.code == "address"


@given(address=st.ip_addresses())
def test_what_passes_is_global_by_the_standard_librarys_account_too(address: IPv4Address | IPv6Address) -> None:
    try:
        check_address(str(address))
    except FetchRefused:
        return
    assert address.is_global
    assert not address.is_multicast


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("ip", NEVER.values(), ids=NEVER.keys())
def test_special_addresses_are_always_refused(ip: str, private: bool) -> None:
    with pytest.raises(FetchRefused) as caught:
        check_address(ip, private=private)
    assert caught.value.code == "address"
