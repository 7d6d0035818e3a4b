"""Pages that stand between us and the page: challenges for robots and forms to sign in. They come with status 200."""

import re
from typing import Any

from forecasts.errors import UnreadableSource

SHORT = 1_000  # characters; an article about captchas is longer than a captcha

_BOT_TITLE = re.compile(
    r"just a moment|attention required|one moment, please|captcha|security check|robot check|bot verification"
    r"|human verification|are you (?:a )?(?:human|robot)|verify(?:ing)? you are human|ddos-guard"
    r"|pardon our interruption",
    re.I,
)
_BOT_TEXT = re.compile(
    r"enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser)"
    r"|verif(?:y|ying) (?:that )?you are (?:a )?(?:human|not a robot)|are you a robot|i'?m not a robot"
    r"|unusual traffic from your|complete the (?:security check|captcha)|solve the captcha"
    r"|needs to review the security of your connection",
    re.I,
)
_LOGIN_WORDS = re.compile(
    r"\b(?:log ?in|sign ?in|log ?on|anmelden|einloggen|connexion|se connecter|iniciar sesión)\b", re.I
)


def check_is_no_wall(root: Any, title: str) -> None:
    """Raises UnreadableSource with code `bot_wall` or `login_wall`, naming the title."""
    text = " ".join(" ".join(_visible(root)).split())
    if len(text) > SHORT:
        return
    if _BOT_TITLE.search(title) or _BOT_TEXT.search(text):
        raise UnreadableSource(f"expected a page; got a check for robots titled '{title}'", "bot_wall")
    if root.find(".//input[@type='password']") is not None and _LOGIN_WORDS.search(f"{title} {text}"):
        raise UnreadableSource(f"expected a page; got a form to sign in titled '{title}'", "login_wall")


def _visible(root: Any) -> list[str]:
    """The text a reader without scripts sees. Challenges speak to that reader, inside noscript."""
    return [str(text) for text in root.xpath("//body//text()[not(ancestor::script or ancestor::style)]")]
