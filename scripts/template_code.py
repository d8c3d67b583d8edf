"""The code in templates, `{{ … }}` and `{% … %}`, as documents to be laid out."""

from typing import Any, NamedTuple

from scripts.layout import Choice, Group, Indent, Line

_CLOSING = {"(": ")", "[": "]", "{": "}"}
#: What has no space before it, and after it.
_TIGHT_BEFORE = {".", "|", ",", *_CLOSING.values()}
_TIGHT_AFTER = {"", ".", "|", *_CLOSING}
#: Where an expression is broken, the loosest first.
_LEVELS: tuple[tuple[str, ...], ...] = ((",",), ("if", "else"), ("or",), ("and",), ("~", "+"))


class Token(NamedTuple):
    """A piece of code, and the space before it."""

    kind: str
    text: str
    space: str


def tokens_of(pieces: list[tuple[str, str]]) -> list[Token]:
    """Return what Jinja's lexer found, with strings beside each other as one."""
    found: list[Token] = []
    space = ""
    for kind, text in pieces:
        if kind == "whitespace":
            space = " "
            continue
        last = found[-1] if found else None
        if kind == "string" and last and last.kind == "string" and last.text[0] == text[0]:
            found[-1] = last._replace(text=last.text[:-1] + text[1:])
        else:
            before = last.text if last else ""
            if text in _TIGHT_BEFORE or before in _TIGHT_AFTER:
                space = ""
            elif before == ",":
                space = " "
            found.append(Token(kind, text, space))
        space = ""
    return found


def code(tokens: list[Token], is_list: bool = True) -> tuple[list[Any], bool]:
    """Return the parts of some code, and whether there are lines between them."""
    tokens = [tokens[0]._replace(space=""), *tokens[1:]]
    for level in _LEVELS if is_list else _LEVELS[1:]:
        pieces = _split(tokens, level)
        if len(pieces) > 1:
            return _joined(pieces, level), True
    return _plain(tokens), False


def _joined(pieces: list[list[Token]], level: tuple[str, ...]) -> list[Any]:
    parts: list[Any] = []
    for number, piece in enumerate(pieces):
        if level == (",",):
            inner: list[Any] = _grouped(piece, hangs=len(pieces) > 1)
            parts += [*inner, *([",", Line(" ")] if number < len(pieces) - 1 else [])]
            continue
        if number:
            parts += [Line(" "), piece[0].text, " "]
            piece = piece[1:]
        parts += _grouped(piece, hangs=bool(number))
    return parts


def _grouped(tokens: list[Token], hangs: bool) -> list[Any]:
    parts, has_lines = code(tokens)
    is_text = tokens[-1].kind == "string"
    hangs = hangs and (has_lines or is_text)
    return [Group([parts[0], Indent(parts[1:])] if hangs else parts)]


def _split(tokens: list[Token], words: tuple[str, ...]) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
        if not depth and token.kind != "string" and token.text in words and pieces[-1]:
            pieces.append([] if token.text == "," else [token])
        else:
            pieces[-1].append(token)
    if words == (",",) and not pieces[-1]:  # (one,)
        pieces = [tokens]
    return pieces


def _plain(tokens: list[Token]) -> list[Any]:
    parts: list[Any] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        parts.append(token.space)
        if token.text in _CLOSING and token.kind != "string":
            end = _end_of(tokens, at)
            parts.append(_bracketed(tokens[at : end + 1]))
            at = end
        elif token.kind == "string":
            parts += _string(token.text)
        else:
            parts.append(token.text)
        at += 1
    return parts


def _end_of(tokens: list[Token], start: int) -> int:
    depth = 0
    for at in range(start, len(tokens)):
        depth += (tokens[at].text in _CLOSING) - (tokens[at].text in _CLOSING.values())
        if not depth:
            return at
    raise ValueError("A bracket is not closed")


def _bracketed(tokens: list[Token]) -> Any:
    opening, inner, closing = tokens[0].text, tokens[1:-1], tokens[-1].text
    if not inner:
        return opening + closing
    parts, _ = code(inner)
    return Group([opening, Indent([Line(), Group(parts)]), Line(), closing])


def _string(text: str) -> list[Any]:
    """Return a string that can be broken at its spaces."""
    quote = text[0]
    first, *others = text.split(" ")
    parts: list[Any] = [first]
    for word in others:
        parts += [Group([Choice(" " + quote, " "), Line(), Choice(quote, "")]), word]
    return parts


def inside(tokens: list[Token], is_statement: bool) -> Any:
    """Return what is between the braces of `{{ … }}` or `{% … %}`."""
    parts, has_lines = code(tokens, is_list=tokens[0].text in {"from", "import", "with"})
    if not has_lines:
        return [" ", Group(parts), " "]
    if is_statement:
        return [" ", Group([Indent(parts), Line(" ")])]
    return Group([Indent([Line(" "), *parts]), Line(" ")])
