"""The forms of a page: where each comes from, what it contains, and what makes it another one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, SoupStrainer, Tag
from jinja2.ext import Extension

from tests.browser_like import is_disabled, values_of

TEMPLATES = Path(__file__).parents[2] / "templates"
_OPENING = re.compile(r"<form\b")
_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
#: What differs between two drawings of the same form.
_PASSING = re.compile(
    r'(?:value|data-says|id|for|aria-[a-z]+)="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|>[^<]*<'
)


class Numbered(Extension):
    """Each form says which one of its template it is."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's source, with an attribute more in each of its forms."""
        return numbered(source, name or "")


def numbered(source: str, name: str) -> str:
    """The source of the template with this name, each of its forms with its number."""
    numbers = count(1)
    return _OPENING.sub(lambda _found: f'<form data-source="{name} {next(numbers)}"', source)


def of_templates() -> Iterator[str]:
    """What every form of every template is called."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        yield from re.findall(r'data-source="([^"]*)"', numbered(path.read_text(), name))


@dataclass
class Form:
    """One form of a page at `path`."""

    tag: Tag
    page: BeautifulSoup
    path: str

    @property
    def source(self) -> str:
        """Which form of which template it is."""
        return str(self.tag.get("data-source", ""))

    @property
    def is_of_layout(self) -> bool:
        """Whether it is on every page: sent once, it has been sent."""
        return self.source.startswith("layout/")

    @property
    def is_post(self) -> bool:
        """Whether it changes something."""
        return str(self.tag.get("method", "get")).lower() == "post"

    @cached_property
    def controls(self) -> list[Tag]:
        """Its fields in their order, also those that are elsewhere on the page and name it."""
        name = self.tag.get("id")
        inside = [one for one in self.tag.find_all(_FIELDS) if one.get("form") in (None, name)]
        return inside + self._elsewhere(_FIELDS)

    @cached_property
    def buttons(self) -> list[Tag]:
        """The buttons that send it and can be pressed."""
        inside = [one for one in self.tag.find_all("button") if one.get("form") is None]
        found = inside + self._elsewhere(["button"])
        sending = [one for one in found if one.get("type", "submit") == "submit"]
        return [one for one in sending if not is_disabled(one)]

    def _elsewhere(self, kinds: list[str]) -> list[Tag]:
        name = self.tag.get("id")
        return list(self.page.find_all(kinds, attrs={"form": name})) if name else []

    @property
    def values(self) -> dict[str, list[str]]:
        """What a browser sends of it as it is shown, without a button."""
        return values_of(self.controls)

    def target(self, button: Tag | None = None) -> str:
        """Where it leads, by this button."""
        given = (button.get("formaction") if button is not None else None) or self.tag.get("action")
        return str(given or self.path)

    @property
    def shape(self) -> Any:
        """Equal for forms that differ only in what is filled in and what they are about."""
        fields = {
            (one.name, _named(one), one.get("type"), _choice(one), is_disabled(one))
            for one in self.controls
        }
        buttons = {
            (_named(one), one.get("value") if _is_word(one) else None) for one in self.buttons
        }
        return self.source, frozenset(fields), frozenset(buttons)


_FIELDS = ["input", "textarea", "select"]


def forms_of(html: str, path: str) -> list[Form]:
    """The forms of a page, in their order."""
    is_scattered = ' form="' in html  # a control that is outside of its form
    page = BeautifulSoup(
        html, "html.parser", parse_only=None if is_scattered else SoupStrainer("form")
    )
    return [Form(tag, page, path) for tag in page.find_all("form")]


def glance(html: str) -> frozenset[str]:
    """The page's forms without what passes: what was seen before need not be read."""
    found = re.findall(r"<form\b.*?</form>", html, re.S)
    return frozenset(_PASSING.sub("", form) for form in found)


def nameless(words: str) -> str:
    """The words without ids and numbers."""
    return re.sub(r"\d+", "#", _ID.sub("*", words))


def _named(tag: Tag) -> str:
    return nameless(str(tag.get("name", "")))


def _choice(tag: Tag) -> Any:
    """The value of what is chosen by it, where that is a word of ours and not an id."""
    if tag.get("type") in {"radio", "checkbox"}:
        return _ID.sub("*", str(tag.get("value", "")))
    return None


def _is_word(tag: Tag) -> bool:
    return str(tag.get("value", "")).replace("_", "").isalpha()
