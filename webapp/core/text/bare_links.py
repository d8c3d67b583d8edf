"""Links without markup: web and email addresses as people write them in a text."""

import re

from linkify_it import LinkifyIt
from linkify_it.main import Match
from linkify_it.ucre import TEXT_SEPARATORS

#: The longest link, and the longest text without spaces in which links are looked for: the time
#: that this takes grows with the square of it.
LONGEST = 2000
#: Top-level domains of more than two letters that communities use; those of two are all known.
_MORE_DOMAINS = (
    "app|berlin|bzh|cat|club|community|cymru|dev|earth|eus|events|fyi|gal|international|int|kiwi|"
    "link|live|london|maori|me|ngo|nyc|one|online|page|quebec|scot|site|social|space|swiss|team|"
    "top|wales|wien|world|xyz"
)
#: What only looks like a domain: a sentence without a space after its dot (“ok.So”), files, times,
#: and French plurals (“ami.es”).
_NO_DOMAIN = re.compile(r".*\.(?:[A-Z][a-z]+|md|py|sh|es|ne)|\d+\.[ap]m")
_ENDS = "“”„‘’‚«»‹›。，、；：！？（）【】「」『』《》"
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def leads_to_web_or_email(url: str) -> bool:
    """Whether a link may lead there: to the web, to this site, or to an email address."""
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[1].lower() in {"http", "https", "mailto"}


class BareLinks(LinkifyIt):
    """Finds `https://example.org/x`, `example.org/x` and `ana@example.org`."""

    def __init__(self) -> None:
        super().__init__({"ftp:": None, "//": None})
        self.tlds(_MORE_DOMAINS.split("|"), keep_old=True)

    def absolute(self, url: str) -> str:
        """Return the URL with its scheme, if it is one without: `example.org/x`."""
        found = self.match(url) if len(url) <= LONGEST else []
        return str(found[0].url) if found and found[0].raw == url else url

    def pretest(self, text: str) -> bool:
        """Whether it may contain links. A huge text without spaces counts as having none."""
        return super().pretest(text) and max(map(len, text.split()), default=0) <= LONGEST

    def match(self, text: str) -> list[Match]:
        """Return the links in the text."""
        found = super().match(text) or []
        return [_trimmed(one) for one in found if one.schema or _is_url(one.raw)]

    def match_at_start(self, text: str) -> Match | None:
        """Return the link with which the text begins."""
        found = super().match_at_start(text[: LONGEST + 1])
        return _trimmed(found) if found and found.last_index <= LONGEST else None

    def normalize(self, match: Match) -> None:
        """Add the scheme that people left out."""
        if match.schema:
            super().normalize(match)
        else:
            match.url = f"https://{match.url}"

    def _on_compile(self) -> None:
        """End links at quotation marks and at the punctuation of scripts without spaces, too."""
        self.re = {
            name: pattern.replace(TEXT_SEPARATORS, f"[><\uff5c{_ENDS}]")
            for name, pattern in self.re.items()  # type: ignore[has-type]
        }


def _is_url(text: str) -> bool:
    return text.startswith("www.") or not _NO_DOMAIN.fullmatch(text)


def _trimmed(match: Match) -> Match:
    """Leave out what ends a clause or emphasis, as in “https://example.org/x:” or `_…_`."""
    match.raw = match.text = match.raw.rstrip(":*_~")
    surplus = match.last_index - match.index - len(match.raw)
    match.url = match.url[: len(match.url) - surplus]
    match.last_index -= surplus
    return match
