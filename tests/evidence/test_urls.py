"""One strict reading of URLs."""

import pytest

from forecasts.errors import FetchRefused
from forecasts.evidence.urls import check_port, join_url, parse_url


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://example.test", "example.test", 443, "/"),
        ("HTTP://Example.TEST:80/a?b#c", "example.test", 80, "/a?b"),
        ("http://example.test.:8080/", "example.test", 8080, "/"),
        ("http://xn--bcher-kva.test/", "xn--bcher-kva.test", 80, "/"),
        ("http://a_b.test/?q=é€", "a_b.test", 80, "/?q=%C3%A9%E2%82%AC"),
        ("http://example.test/%00%2e?x=[1]|{y}", "example.test", 80, "/%00%2e?x=[1]|{y}"),
        ("http://example.test/a@b:c//d", "example.test", 80, "/a@b:c//d"),
        ("http://[2606:4700:0::1111]/", "2606:4700::1111", 80, "/"),
        ("http://public.test#@127.0.0.1/", "public.test", 80, "/"),
        ("http://public.test?@127.0.0.1/", "public.test", 80, "/?@127.0.0.1/"),
    ],
)
def test_it_reads_a_url(url: str, host: str, port: int, path: str) -> None:
    target = parse_url(url)
    assert (target.host, target.port, target.path) == (host, port, path)


def test_a_url_read_again_is_the_same() -> None:
    target = parse_url("https://[2606:4700::1111]:8443/a?b")
    assert target.url == "https://[2606:4700::1111]:8443/a?b"
    assert parse_url(target.url) == target


REFUSED = {
    "url": [
        "",
        "example.test/feed",
        "//example.test/",
        "http:/example.test/",
        "http:example.test",
        "http:///feed",
        "http://",
        "http://:80/",
        "http://127.0.0.1\\@public.test/",
        "http://public.test\\@127.0.0.1/",
        "http:\\\\public.test/",
        " http://public.test/",
        "http://public.test/ ",
        "http://public.test/a b",
        "http://public.test/\r\nHost: other",
        "http://pub\tlic.test/",
        "http://public.test/\x00",
        "http://public.test/\x7f",
        "http://public.test/\x85",
        "http://public.test/\xa0",
        "http://public.test/" + "x" * 2048,
        "http://public.test/" + "x" * 10_000,
        "http://" + "a" * 64 + ".test/",
        "http://" + "a." * 127 + "test/",
        "http://-public.test/",
        "http://public..test/",
        "http://public.test../",
        "http://pub%6cic.test/",
        "http://public.test:80a/",
        "http://public.test:/",
        "http://public.test:80:80/",
        "http://[::1/",
        "http://::1/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[127.0.0.1]/",
        "http://[::1].public.test/",
        "http://bücher.test/",
        "http://public。test/",
        # Spellings of 127.0.0.1 that some resolver or browser understands.
        "http://2130706433/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://0x7f.0.0.1/",
        "http://127.0.0.0x1/",
        "http://127.0.0.1../",
        "http://0.0.0.0.0/",
        "http://127.000.000.001/",
        "http://１２７.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://[::ffff:7f00:1%1]/",
        "http://0x/",
    ],
    "scheme": [
        "file:///etc/passwd",
        "FILE://localhost/etc/passwd",
        "gopher://public.test/_x",
        "ftp://public.test/",
        "data:text/xml,<rss/>",
        "unix:/run/docker.sock",
        "http+unix://run/docker.sock",
        "javascript:alert(1)",
        "feed://public.test/",
        "ws://public.test/",
        "jar:http://public.test!/",
    ],
    "userinfo": [
        "http://user@public.test/",
        "http://user:secret@public.test/",
        "http://@public.test/",
        "http://public.test@127.0.0.1/",
        "http://public.test:80@127.0.0.1:80/",
    ],
    "port": ["http://public.test:0/", "http://public.test:65536/", "http://public.test:99999/"],
}


@pytest.mark.parametrize(
    ("code", "url"),
    [(code, url) for code, urls in REFUSED.items() for url in urls],
    ids=lambda value: ascii(value[:40]),
)
def test_a_url_that_two_parsers_could_read_differently_is_refused(code: str, url: str) -> None:
    with pytest.raises(FetchRefused) as caught:
        parse_url(url)
    assert caught.value.code == code
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("port", [1, 22, 25, 6379, 8080, 11211])
def test_odd_ports_are_for_sources_an_operator_opened(port: int) -> None:
    target = parse_url(f"http://public.test:{port}/")
    check_port(target, frozenset({port}))
    with pytest.raises(FetchRefused) as caught:
        check_port(target, frozenset())
    assert caught.value.code == "port"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "http://public.test/b"),
        ("b?c", "http://public.test/x/b?c"),
        ("?c", "http://public.test/x/a?c"),
        ("//other.test/b", "http://other.test/b"),
        ("../../../b", "http://public.test/b"),
        ("https://other.test", "https://other.test/"),
    ],
)
def test_a_redirect_is_relative_to_where_it_was_given(location: str, url: str) -> None:
    assert join_url(parse_url("http://public.test/x/a"), location).url == url


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("/a\tb", "url"),
        ("\\\\other.test", "url"),
        ("http://[::1", "url"),
        ("//user@other.test/", "userinfo"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://other.test/", "scheme"),
        ("/" + "x" * 3000, "url"),
    ],
)
def test_a_redirect_is_read_as_strictly(location: str, code: str) -> None:
    with pytest.raises(FetchRefused) as caught:
        join_url(parse_url("http://public.test/x/a"), location)
    assert caught.value.code == code
