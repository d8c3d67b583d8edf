"""What htmx makes of a page by the answer to a form, and whether that is the page as it would load
again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

#: What a page says of a thing's state, apart from its words.
STATES = ("aria-current", "aria-pressed", "aria-selected", "aria-disabled")
STATES += ("checked", "disabled", "hidden", "selected")
#: Where pages say what has just been done; gone after a reload.
PASSING = "#messages, #board-status, [data-draft-sent]"
#: Where pages say so, and what they read out because it has the focus.
SAYING = f"{PASSING}, [role=status], [role=alert], [autofocus]"
#: Elements whose words are what someone could enter.
ENTERED = ("option", "textarea", "script", "style")
#: What stays as it is in the page, if it's there.
KEPT = "[hx-preserve][id]"
#: Responses that htmx doesn't put into the page, as `htmx-config` says.
NOT_SHOWN = {204, 304, 400, 401, 403, 404, 405, 410, 413, 429, *range(500, 600)}


def parsed(html: str) -> BeautifulSoup:
    """Return the page or fragment."""
    return BeautifulSoup(html, "html.parser")


def put_in(page: BeautifulSoup, answer: Any, target: str, swap: str) -> None:
    """Put this answer to `target` into the page, with the parts that come along."""
    parts = parsed(answer.text)
    partials = [one.extract() for one in parts.find_all("hx-partial")]
    if answer.status_code not in NOT_SHOWN and (parts.find(True) is not None or not partials):
        _swap(page, target, swap, list(parts.contents))
    for one in partials:
        place = str(one.get("hx-target") or f"#{one['id']}")
        _swap(page, place, str(one.get("hx-swap", "innerHTML")), list(one.contents))


def _swap(page: BeautifulSoup, target: str, swap: str, content: list[Any]) -> None:
    place, how = page.select_one(target), swap.split()[0]
    if place is None:
        return
    for new in [one for part in content if isinstance(part, Tag) for one in part.select(KEPT)]:
        if (old := page.find(id=str(new["id"]))) is not None:
            new.replace_with(old.extract())
    if how == "delete":
        place.decompose()
    elif how.startswith("outer"):
        place.replace_with(*content)
    else:
        assert how == "innerHTML", how
        place.clear()
        place.extend(content)


def refreshing(page: BeautifulSoup, signals: Iterable[str]) -> list[Tag]:
    """Return the parts of the page that load again at these signals, if the page listens to
    them.
    """
    topics = str(page.body.get("data-live", "")).split() if page.body else []
    heard = {
        name
        for name in signals
        if name == "live" or any(name == one or name.startswith(f"{one}:") for one in topics)
    }
    return [
        part
        for part in page.find_all(attrs={"hx-get": True, "hx-trigger": True})
        if any(one.split()[0] in heard for one in str(part["hx-trigger"]).split(","))
    ]


def differences(page: BeautifulSoup, fresh: BeautifulSoup) -> list[str]:
    """Return what only one of the pages contains: words, ids, and states."""
    ours, theirs = Counter(_contents(page)), Counter(_contents(fresh))
    return [f"still there: {one}" for one in ours - theirs] + [
        f"missing: {one}" for one in theirs - ours
    ]


def _contents(page: BeautifulSoup) -> Iterator[str]:
    for one in page.select(PASSING):
        one.decompose()
    for one in (page.body or page).find_all(True):
        states = "".join(f" {name}={one[name]}" for name in STATES if one.has_attr(name))
        if one.get("id"):
            yield f"#{one['id']}{states}"
        elif states:
            yield f"<{one.name}>{states} {_words(one)[:40]}"
        own = " ".join(" ".join(one.find_all(string=True, recursive=False)).split())
        if one.name == "time":  # its words pass with the minute
            yield f"at {one.get('datetime')}"
        elif own and one.name not in ENTERED:
            yield f"“{own}”"


def says_something_new(page: BeautifulSoup, before: BeautifulSoup) -> bool:
    """Whether the page says something in a message or at the focus, or a pressed button says it."""
    said = Counter(map(_words, page.select(SAYING)))
    return bool(said - Counter(map(_words, before.select(SAYING)))) or _pressed(page) != _pressed(
        before
    )


def _pressed(page: BeautifulSoup) -> list[tuple[str, str]]:
    return [(str(one["aria-pressed"]), _words(one)) for one in page.select("[aria-pressed]")]


def _words(one: Tag) -> str:
    return " ".join(one.get_text(" ").split())
