"""Links in profiles: to web pages and email addresses, nothing that a browser would run."""

from urllib.parse import urlsplit

from flask_babel import gettext as _

from ..core.http.errors import UserError
from ..core.text.typed import single_line

MOST, LONGEST = 5, 200
SCHEMES = ("https", "http", "mailto")


def of_lines(text: str) -> list[str]:
    """Return the links, one for each line; https is added if there is no scheme.

    Raises UserError with the invalid line.
    """
    lines = list(filter(None, map(single_line, text.splitlines())))
    if len(lines) > MOST:
        raise UserError(_("Enter up to five links."), "links")
    return list(dict.fromkeys(_link(line) for line in lines))


def words_of(link: str) -> str:
    """Return the link as people read it: without scheme and “www.”."""
    return link.partition(":")[2].lstrip("/").removeprefix("www.").rstrip("/")


def _link(line: str) -> str:
    whole = line if ":" in line.partition("/")[0] and not _has_port(line) else f"https://{line}"
    try:
        parts = urlsplit(whole)
        host, user = parts.hostname, parts.username
    except ValueError:
        host, user, parts = None, None, urlsplit("")
    sound = len(whole) <= LONGEST and not any(sign in whole for sign in " \\<>\"'`")
    if parts.scheme == "mailto":
        fine = "@" in parts.path.strip("@")
    else:
        fine = parts.scheme in SCHEMES and bool(host) and "." in (host or "") and user is None
    if not (sound and fine):
        raise UserError(
            _(
                "“%(line)s” isn’t a link we accept. Write it like https://example.org.",
                line=line[:60],
            ),
            "links",
        )
    return whole


def _has_port(line: str) -> bool:
    """Whether the line begins like `example.org:8080`, with a colon that doesn't end a scheme."""
    name, _colon, rest = line.partition(":")
    return "." in name and rest[:1].isdigit()
