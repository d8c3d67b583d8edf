"""What people write: Markdown in, safe HTML out."""

import re
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_TAGS = {"p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h2", "h3", "h4", "h5"}
_SPACE = re.compile(r"\s+")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    parser.enable(["strikethrough"])
    parser.core.ruler.push("house_rules", _house_rules)
    return parser


def _house_rules(state: object) -> None:
    """Headings start below the page's own, and a picture from elsewhere becomes a link: no page makes others call out."""
    for token in state.tokens:  # type: ignore[attr-defined]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, min(int(token.tag[1]) + state.env['deeper'], 5))}"  # type: ignore[attr-defined]
        if token.children:
            token.children = [part for child in token.children for part in _as_link(child)]


def _as_link(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    start, end = Token("link_open", "a", 1), Token("link_close", "a", -1)
    start.attrs = {"href": token.attrs.get("src", "")}
    words = Token("text", "", 0)
    words.content = token.content or str(token.attrs.get("src", ""))
    return [start, words, end]


@lru_cache(maxsize=512)
def render(text: str, deeper: int = 2) -> Markup:
    """The text as HTML that carries nothing but words: no script, no style, no picture, http(s) and mail links only.

    Its headings stand so much `deeper` than written, never as the page's own.
    """
    html = _parser().render(text or "", {"deeper": deeper})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return Markup(clean)


def plain(text: str, limit: int = 200) -> str:
    """The first words of the text, without its markup."""
    words = _SPACE.sub(" ", nh3.clean(_parser().render(text or "", {"deeper": 2}), tags=set())).strip()
    words = Markup(words).unescape()
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"
