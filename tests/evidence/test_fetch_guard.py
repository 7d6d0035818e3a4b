"""Fetching never connects to what is not public, however it is led there."""

import pytest

from forecasts.errors import FetchFailed, FetchRefused
from tests.evidence.conftest import Read
from tests.evidence.server import PUBLIC_IP, Net, Server, redirect, response

FEED = b"<rss/>"
PRIVATE_ANSWERS = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "fe80::1%eth0",
]


@pytest.mark.parametrize("answer", PRIVATE_ANSWERS)
def test_a_name_that_leads_inside_is_refused(answer: str, net: Net, read: Read) -> None:
    net.names["metadata.test"] = [[answer]]
    with pytest.raises(FetchRefused, match=r"http://metadata\.test/ is not read: .* public internet") as caught:
        read("http://metadata.test/")
    assert caught.value.code == "address"
    assert net.dialled == []


@pytest.mark.parametrize("answer", PRIVATE_ANSWERS)
def test_one_bad_answer_among_good_ones_is_enough(answer: str, net: Net, read: Read) -> None:
    net.names["mixed.test"] = [[PUBLIC_IP, answer]]
    with pytest.raises(FetchRefused):
        read("http://mixed.test/")
    assert net.dialled == []


@pytest.mark.parametrize(
    "literal", ["127.0.0.1", "127.0.0.1.", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_an_address_in_the_url_is_checked_without_a_resolver(literal: str, net: Net, read: Read) -> None:
    with pytest.raises(FetchRefused) as caught:
        read(f"http://{literal}/")
    assert caught.value.code == "address"
    assert (net.looked_up, net.dialled) == ([], [])


def test_a_public_address_in_the_url_is_connected_to_as_it_is(server: Server, net: Net, read: Read) -> None:
    server.routes["/"] = response(FEED)
    read("http://[2606:4700::1111]/")
    assert (net.looked_up, net.dialled) == ([], [("2606:4700::1111", 80)])
    assert "Host: [2606:4700::1111]\r\n" in server.asked[0]


def test_rebinding_on_the_first_hop_gains_nothing(server: Server, net: Net, read: Read) -> None:
    """The name is resolved once; the second answer, which leads inside, is never asked for."""
    net.names["rebind.test"] = [[PUBLIC_IP], ["127.0.0.1"]]
    server.routes["/"] = response(FEED)
    assert read("http://rebind.test/").hops[0].url == "http://rebind.test/"
    assert net.looked_up == ["rebind.test"]
    assert net.dialled == [(PUBLIC_IP, 80)]


def test_rebinding_on_a_redirect_is_refused(server: Server, net: Net, read: Read) -> None:
    """Every hop is resolved and checked anew, so the second answer is seen and refused."""
    net.names["rebind.test"] = [[PUBLIC_IP], ["127.0.0.1"]]
    server.routes["/"] = redirect("/again")
    with pytest.raises(FetchRefused) as caught:
        read("http://rebind.test/")
    assert caught.value.code == "address"
    assert net.dialled == [(PUBLIC_IP, 80)]


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1/", "address"),
        ("http://inside.test/", "address"),
        ("//[::1]/", "address"),
        ("http://2130706433/", "url"),
        ("http://public.test\\@127.0.0.1/", "url"),
        ("http://news.test@127.0.0.1/", "userinfo"),
        ("http://news.test:6379/", "port"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "scheme"),
        ("ftp://news.test/", "scheme"),
        ("data:text/xml,<rss/>", "scheme"),
    ],
)
def test_a_redirect_goes_through_the_same_door(location: str, code: str, server: Server, net: Net, read: Read) -> None:
    net.names["inside.test"] = [["192.168.0.1"]]
    server.routes["/feed"] = redirect(location)
    with pytest.raises(FetchRefused) as caught:
        read()
    assert caught.value.code == code
    assert net.dialled == [(PUBLIC_IP, 80)]


def test_the_body_of_a_redirect_is_not_read(server: Server, read: Read) -> None:
    server.routes["/feed"] = redirect("/next").replace(b"Content-Length: 0", b"Content-Length: 50000000")
    server.routes["/next"] = response(FEED)
    assert read().body == FEED


def test_ports_are_opened_by_the_operator(server: Server, net: Net, read: Read) -> None:
    server.routes["/"] = response(FEED)
    with pytest.raises(FetchRefused) as caught:
        read("http://news.test:8080/")
    assert caught.value.code == "port"
    read("http://news.test:8080/", extra_ports=frozenset({8080}))
    assert net.dialled == [(PUBLIC_IP, 8080)]
    assert "Host: news.test:8080\r\n" in server.asked[0]


def test_a_host_the_operator_named_may_be_on_loopback(server: Server, net: Net, read: Read) -> None:
    net.names["desk.test"] = [["127.0.0.1"]]
    server.routes["/"] = response(FEED)
    allowed = frozenset({("desk.test", server.port)})
    fetched = read(f"http://desk.test:{server.port}/", allow_private=allowed)
    assert (fetched.hops[0].ip, fetched.body) == ("127.0.0.1", FEED)


@pytest.mark.parametrize(
    "url", ["http://desk.test:8001/", "http://desk.test/", "http://sub.desk.test:8000/", "http://127.0.0.1:8000/"]
)
def test_the_exception_is_for_that_host_and_port_only(url: str, net: Net, read: Read) -> None:
    net.names |= {"desk.test": [["127.0.0.1"]], "sub.desk.test": [["127.0.0.1"]]}
    with pytest.raises(FetchRefused):
        read(url, allow_private=frozenset({("desk.test", 8000)}))
    assert net.dialled == []


def test_a_named_host_does_not_open_the_cloud_metadata(net: Net, read: Read) -> None:
    net.names["desk.test"] = [["169.254.169.254"]]
    with pytest.raises(FetchRefused):
        read("http://desk.test:8000/", allow_private=frozenset({("desk.test", 8000)}))
    assert net.dialled == []


def test_a_redirect_from_a_named_host_to_another_private_one_is_refused(server: Server, net: Net, read: Read) -> None:
    net.names |= {"desk.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]}
    server.routes["/"] = redirect("http://other.test/")
    with pytest.raises(FetchRefused) as caught:
        read("http://desk.test:8000/", allow_private=frozenset({("desk.test", 8000)}))
    assert caught.value.code == "address"
    assert net.dialled == [("127.0.0.1", 8000)]


def test_the_next_address_is_tried_when_one_does_not_answer(server: Server, net: Net, read: Read) -> None:
    net.names["two.test"] = [["1.1.1.1", PUBLIC_IP]]
    net.dead.add("1.1.1.1")
    server.routes["/"] = response(FEED)
    assert read("http://two.test/").body == FEED
    assert net.dialled == [("1.1.1.1", 80), (PUBLIC_IP, 80)]


def test_a_host_that_refuses_connections_is_an_error(net: Net, read: Read) -> None:
    net.dead.add(PUBLIC_IP)
    with pytest.raises(FetchFailed) as caught:
        read()
    assert caught.value.code == "connect"
