"""Problems of a page's HTML that can be found without a browser."""

from collections import Counter
from collections.abc import Iterator

import html5lib
from bs4 import BeautifulSoup, Tag

INTERACTIVE = ["a", "button", "input", "select", "textarea", "summary", "label"]
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
#: Attributes that refer to one or more ids of the same page.
POINTERS = [
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "headers",
    "commandfor",
    "popovertarget",
    "list",
]


def problems(html: str) -> list[str]:
    """Return one line for each problem."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    syntax = [f"line {place[0]}: {code} {found or ''}" for place, code, found in parser.errors]
    page = BeautifulSoup(html, "html.parser")
    return syntax + [
        line
        for check in (_ids, _pointers, _labels, _nesting, _outline, _words, _inline)
        for line in check(page)
    ]


def _ids(page: BeautifulSoup) -> Iterator[str]:
    counts = Counter(str(tag["id"]) for tag in page.find_all(id=True))
    yield from (
        f"the id {name!r} stands {count} times" for name, count in counts.items() if count > 1
    )
    yield from (
        f"the id {name!r} is not one word" for name in counts if not name or len(name.split()) != 1
    )


def _pointers(page: BeautifulSoup) -> Iterator[str]:
    ids = {str(tag["id"]) for tag in page.find_all(id=True)}
    for attribute in POINTERS:
        for tag in page.find_all(attrs={attribute: True}):
            value = tag[attribute]
            for name in value if isinstance(value, list) else str(value).split():
                if name not in ids:
                    yield f"{attribute}={name!r} on <{tag.name}> names nothing"
    for link in page.find_all("a", href=True):
        href = str(link["href"])
        if href.startswith("#") and href[1:] not in ids:
            yield f"the link {href!r} leads nowhere"


def _labels(page: BeautifulSoup) -> Iterator[str]:
    by_id = {str(tag["id"]): tag for tag in page.find_all(id=True)}
    for label in page.find_all("label"):
        name = str(label.get("for", ""))
        if name and (name not in by_id or by_id[name].name not in LABELABLE):
            yield f"the label {label.get_text(' ', strip=True)!r} is for nothing"
        if not name and len(label.find_all(list(LABELABLE))) != 1:
            yield f"the label {label.get_text(' ', strip=True)!r} holds not one control"


def _nesting(page: BeautifulSoup) -> Iterator[str]:
    for outer in page.find_all(["a", "button", "summary"]):
        for inner in outer.find_all(INTERACTIVE):
            yield f"<{inner.name}> inside <{outer.name}>: {outer.get_text(' ', strip=True)!r}"


def _outline(page: BeautifulSoup) -> Iterator[str]:
    headings = [
        tag
        for tag in page.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
        if not tag.find_parent("dialog")
    ]
    levels = [int(tag.name[1]) for tag in headings]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} first headings"
    for before, tag, level in zip(levels, headings[1:], levels[1:], strict=False):
        if level > before + 1:
            yield f"{tag.get_text(' ', strip=True)!r} is an h{level} after an h{before}"


def _words(page: BeautifulSoup) -> Iterator[str]:
    if not (page.title and page.title.get_text(strip=True)):
        yield "no title"
    if not (isinstance(page.html, Tag) and page.html.get("lang")):
        yield "no language"
    yield from (
        f"a picture without words: {tag.get('src')}" for tag in page.find_all("img", alt=False)
    )


def _inline(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        forbidden = [
            name for name in tag.attrs if name == "style" or name.startswith(("on", "hx-on"))
        ]
        yield from (f"{name} on <{tag.name}>" for name in forbidden)
    for script in page.find_all("script", src=False):
        if script.get("type") not in ("application/ld+json", "speculationrules"):
            yield "an inline script"
