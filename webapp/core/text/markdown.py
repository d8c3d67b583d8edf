"""Render people's Markdown as safe HTML."""

import re
from collections.abc import Container, Iterator, Mapping
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from .bidi import with_directions
from .strings import first_words

_TAGS = {
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h2",
    "h3",
    "h4",
    "h5",
}
_SPACE = re.compile(r"\s+")
#: `@handle`, but not inside a word, an email address or a path.
_MENTION = re.compile(r"(?<![\w@/.+-])@([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    parser.enable(["strikethrough"])
    parser.core.ruler.push("house_rules", _house_rules)
    return parser


def _house_rules(state: object) -> None:
    """Lower headings below the page's own, and turn pictures into links, so that no page loads from
    other sites.
    """
    for token in state.tokens:  # type: ignore[attr-defined]
        if token.type in {"heading_open", "heading_close"}:
            level = int(token.tag[1]) + state.env["deeper"]  # type: ignore[attr-defined]
            token.tag = f"h{max(2, min(level, 5))}"
        if token.children:
            token.children = [part for child in token.children for part in _as_link(child)]
            _link_mentions(token, state.env.get("mentions") or {})  # type: ignore[attr-defined]


def _as_link(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    source = str(token.attrs.get("src", ""))
    return _link(source, token.content or source)


def _link(url: str, words: str) -> list[Token]:
    start, end = Token("link_open", "a", 1), Token("link_close", "a", -1)
    start.attrs = {"href": url}
    return [start, _words(words), end]


def _words(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token


def _plain_words(line: Token) -> Iterator[Token]:
    """Yield the plain text of a line: neither code nor inside a link."""
    inside = 0
    for child in line.children or []:
        inside += child.nesting if child.type in {"link_open", "link_close"} else 0
        if child.type == "text" and not inside:
            yield child


def _link_mentions(line: Token, urls: Mapping[str, str]) -> None:
    if not urls:
        return
    plain = {id(token) for token in _plain_words(line)}
    parts = [
        _split(child, urls) if id(child) in plain else [child] for child in line.children or []
    ]
    line.children = [token for part in parts for token in part]


def _split(token: Token, urls: Mapping[str, str]) -> list[Token]:
    """Split the text around each handle that has a URL, and link those."""
    parts, end = [], 0
    for found in _MENTION.finditer(token.content):
        url = urls.get(found[1].lower())
        if url:
            parts += [_words(token.content[end : found.start()]), *_link(url, found[0])]
            end = found.end()
    return [*parts, _words(token.content[end:])]


def handles_in(text: str) -> list[str]:
    """Return the handles mentioned as `@handle`, in lower case, without duplicates.

    Handles in code, links and email addresses don't count.
    """
    lines = [
        token for token in _parser().parse(text or "", {"deeper": 2}) if token.type == "inline"
    ]
    found = (
        name
        for line in lines
        for words in _plain_words(line)
        for name in _MENTION.findall(words.content)
    )
    return list(dict.fromkeys(name.lower() for name in found))


def replace_mentions(text: str, handles: Container[str], name: str) -> str:
    """Return the text with `name` in place of each `@handle` of these, wherever it is."""
    return _MENTION.sub(lambda found: name if found[1].lower() in handles else found[0], text)


@lru_cache(maxsize=512)
def render(text: str, deeper: int = 2, mentions: tuple[tuple[str, str], ...] = ()) -> Markup:
    """Render Markdown without scripts, styles or pictures; links only to http(s) and email.

    Headings are `deeper` levels lower than written, at least h2. `mentions` are pairs of a handle
    and the URL that `@handle` links to.
    """
    html = _parser().render(text or "", {"deeper": deeper, "mentions": dict(mentions)})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return Markup(with_directions(clean))


def plain(text: str, limit: int = 200) -> str:
    """Return the beginning of the text without its markup."""
    words = _SPACE.sub(
        " ", nh3.clean(_parser().render(text or "", {"deeper": 2}), tags=set())
    ).strip()
    return first_words(Markup(words).unescape(), limit)
