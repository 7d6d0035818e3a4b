"""What a host's robots.txt allows (RFC 9309), for pages: feeds and sitemaps are there to be fetched."""

from protego import Protego

MAX_LENGTH = 500_000  # RFC 9309 asks for at least 500 KiB; what follows is not read


def allows(robots_text: str, url: str, user_agent: str) -> bool:
    """Whether `user_agent` may fetch `url`. Rules that cannot be understood forbid nothing; no URL is not allowed."""
    try:
        return _rules(robots_text).can_fetch(url, _product(user_agent))
    except ValueError:  # from splitting or quoting `url`
        return False


def crawl_delay(robots_text: str, user_agent: str) -> float | None:
    """The seconds `user_agent` is asked to leave between two requests; None when it is not asked."""
    return _rules(robots_text).crawl_delay(_product(user_agent))


def _product(user_agent: str) -> str:
    """Rules are for the product: a name in the contact behind it would be found too."""
    return user_agent.partition("/")[0].strip()


def _rules(text: str) -> Protego:
    """The whole lines among the first 500,000 characters: half a line could forbid more than the line does."""
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH].rpartition("\n")[0]
    return Protego.parse(text.encode(errors="replace").decode())  # lone surrogates cannot be quoted
