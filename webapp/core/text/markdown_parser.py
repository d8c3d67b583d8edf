"""The parser of people's Markdown, with the rules of this house."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, reference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.linkify import linkify
from markdown_it.token import Token

from .bare_links import LONGEST, BareLinks, leads_to_web_or_email
from .bidi import isolated

#: Ten lists or twenty quotes. What is deeper is a paragraph there, with its signs.
DEEPEST = 20
#: The most empty cells added to a table: short lines below a wide head would become megabytes.
MOST_EMPTY_CELLS = 2000
#: Before what is to do, and what is done, in a list of tasks.
TO_DO, DONE = "\u2610 ", "\u2611 "
#: The classes of a table's cells, by the style that the parser gives them.
_ALIGNED = {"text-align:right": "n", "text-align:center": "mid"}
#: Letters of scripts without spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, Japanese,
#: Chinese. static/js/mention.js has the same.
_UNSPACED = (
    "\u0e00-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
#: Not the number of an item, and wider than its margin.
_YEAR = re.compile(r"\d{4,}[.)]")
_LABEL = re.compile(r"\[[^\[\]]+\]")
#: `@handle`, but not inside a word, an address or a path.
MENTION = re.compile(
    rf"(?:(?<![\w@/.+-])|(?<=[{_UNSPACED}])(?=@[A-Za-z0-9-]++(?!\.\w)))"
    r"@([A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+)(?!@\w)"
)


@cache
def _bare_links() -> BareLinks:
    return BareLinks()


class Parser(MarkdownIt):
    """Its links lead to the web or to email; others stay as they were written."""

    def __init__(self) -> None:
        options = {"html": False, "linkify": True, "breaks": True, "tasklists": True}
        # a list on the deepest level adds two
        super().__init__("commonmark", {**options, "maxNesting": DEEPEST + 2})
        self.linkify = _bare_links()
        self.enable(["strikethrough", "table", "linkify"])
        self.inline.ruler.at("linkify", _web_address)
        ends = ["paragraph", "reference", "blockquote"]
        self.block.ruler.at("list", _list, {"alt": ends})
        self.block.ruler.at("blockquote", _quote, {"alt": [*ends, "list"]})
        self.block.ruler.at("reference", _reference)
        tables = import_module("markdown_it.rules_block.table")
        tables.MAX_AUTOCOMPLETED_CELLS = MOST_EMPTY_CELLS  # type: ignore[attr-defined]
        self.core.ruler.push("house_rules", _house_rules)

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Whether links may lead there."""
        return leads_to_web_or_email(url)

    def normalizeLinkText(self, url: str) -> str:  # noqa: N802
        """Return the address as it was written: decoded it may look like another one."""
        return url


@cache
def parser() -> Parser:
    """Return the parser. Its `env`: `deeper`, by how many levels to lower headings; `mentions`,
    URLs by handle; `plain`, whether the result will lose its markup.
    """
    return Parser()


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a list, unless it is too deep (the parser would drop it) or begins with a year."""
    at = state.bMarks[start] + state.tShift[start]
    fits = state.level < DEEPEST and not _YEAR.match(state.src, at)
    return fits and list_block(state, start, end, silent)


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level < DEEPEST and blockquote(state, start, end, silent)


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read where the links `[label]` lead; without any it is a text: `[Photos]: https://…`."""
    label = _LABEL.match(state.src, state.bMarks[start] + state.tShift[start])
    if label and state.src.lower().count(label[0].lower()) < 2:
        return False
    return reference(state, start, end, silent)


def _web_address(state: StateInline, silent: bool) -> bool:
    """Take no sign in `https://example.org/_/a` for markup.

    The parser's rule reads the text before it each time: not if that is long.
    """
    return len(state.pending) <= LONGEST and linkify(state, silent)


def _house_rules(state: StateCore) -> None:
    tokens: list[Token] = []
    numbers: list[int] = []  # of items so far, in each open list
    mark = ""  # what an item begins with
    for token in state.tokens:
        if mark and token.type == "inline":
            token.children = [words(mark), *(token.children or [])]
        elif mark and token.type != "paragraph_open":
            tokens.append(words(mark))
        if token.type != "paragraph_open":
            mark = _mark_of(token, numbers) if state.env.get("plain") else _box_of(token)
        _change(token, state.env["deeper"])
        if token.children:
            token.children = list(_links(token.children))
            _link_mentions(token, state.env.get("mentions") or {})
        tokens += _scrolling(token)
    state.tokens = tokens


def _mark_of(token: Token, numbers: list[int]) -> str:
    """Return the box of a task, or the number of an item, which a plain text has nowhere else."""
    if token.type in {"ordered_list_open", "bullet_list_open"}:
        numbers.append(int(token.attrs.get("start", 1)) - 1)
    elif token.type in {"ordered_list_close", "bullet_list_close"}:
        numbers.pop()
    elif token.type == "list_item_open":
        numbers[-1] += 1
        return _box_of(token) or (f"{numbers[-1]}{token.markup} " if token.info else "")
    return ""


def _box_of(token: Token) -> str:
    if "checked" not in token.meta:
        return ""
    token.attrs = {"class": "task"}
    return DONE if token.meta.pop("checked") else TO_DO


def _change(token: Token, deeper: int) -> None:
    """Lower headings below the page's own, align cells by class (pages have no inline style), and
    drop the language of code.
    """
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{max(2, min(int(token.tag[1]) + deeper, 5))}"
    elif token.type in {"th_open", "td_open"}:
        name = _ALIGNED.get(str(token.attrs.get("style")))
        token.attrs = {"class": name} if name else {}
    elif token.type in {"bullet_list_open", "ordered_list_open"}:
        token.attrs.pop("class", None)
    elif token.type == "fence":
        token.info = ""


def _scrolling(token: Token) -> list[Token]:
    """Put a table into an element that scrolls, with the keyboard too."""
    if token.type == "table_open":
        around = Token("scroll_open", "div", 1, {"class": "scroll", "tabindex": "0"}, block=True)
        return [around, token]
    if token.type == "table_close":
        return [token, Token("scroll_close", "div", -1, block=True)]
    return [token]


def _links(line: list[Token]) -> Iterator[Token]:
    """Yield the line's tokens, with pictures as links, so that no page loads from other sites, and
    every link with words and outside of others.
    """
    opened: list[Token] = []
    has_words = False
    for token in (part for one in line for part in _as_link(one)):
        if token.type == "link_open":
            opened.append(token)
            has_words = has_words and len(opened) > 1
            token.attrs = _target(token)
        elif token.type == "link_close":
            opening = opened.pop()
            if not opened and not has_words:
                yield words(str(opening.attrs["href"]))
        if token.type not in {"link_open", "link_close"}:
            has_words = has_words or bool(token.content.strip())
        elif len(opened) > (token.nesting > 0):
            continue
        yield token


def _as_link(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    source = str(token.attrs.get("src", ""))
    return link(source, token.content or source, str(token.attrs.get("title", "")))


def _target(token: Token) -> dict[str, str | int | float]:
    """Return where the link leads: `[our site](example.org)` to the web, too."""
    target = {"href": _bare_links().absolute(str(token.attrs["href"]))}
    title = str(token.attrs.get("title", ""))
    return {**target, "title": isolated(title)} if title else {**target}


def link(url: str, label: str, title: str = "") -> list[Token]:
    """Return the tokens of a link."""
    start, end = Token("link_open", "a", 1), Token("link_close", "a", -1)
    start.attrs = {"href": url, "title": title} if title else {"href": url}
    return [start, words(label), end]


def words(content: str) -> Token:
    """Return the token of a text."""
    return Token("text", "", 0, content=content)


def plain_words(line: Token) -> Iterator[Token]:
    """Yield the plain text of a line: neither code nor inside a link."""
    inside = 0
    for child in line.children or []:
        inside += child.nesting if child.type in {"link_open", "link_close"} else 0
        if child.type == "text" and not inside:
            yield child


def _link_mentions(line: Token, urls: Mapping[str, str]) -> None:
    if not urls:
        return
    plain = {id(token) for token in plain_words(line)}
    parts = [
        _split(child, urls) if id(child) in plain else [child] for child in line.children or []
    ]
    line.children = [token for part in parts for token in part]


def _split(token: Token, urls: Mapping[str, str]) -> list[Token]:
    """Split the text around each handle that has a URL, and link those."""
    parts, end = [], 0
    for found in MENTION.finditer(token.content):
        url = urls.get(found[1].lower())
        if url:
            parts += [words(token.content[end : found.start()]), *link(url, found[0])]
            end = found.end()
    return [*parts, words(token.content[end:])]
