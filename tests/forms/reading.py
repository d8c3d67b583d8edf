"""The forms of a page: their source, their contents, and whether two are the same."""

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
#: What may differ between two renderings of the same form.
_PASSING = re.compile(
    r'(?:value|data-says|id|for|aria-[a-z]+)="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|>[^<]*<'
)


class Numbered(Extension):
    """Number each form of a template in an attribute."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template's source with the attribute in each of its forms."""
        return numbered(source, name or "")


def numbered(source: str, name: str) -> str:
    """Return the source of this template with its forms numbered."""
    numbers = count(1)
    return _OPENING.sub(lambda _found: f'<form data-source="{name} {next(numbers)}"', source)


def of_templates() -> Iterator[str]:
    """Yield the names of all forms of all templates."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        yield from re.findall(r'data-source="([^"]*)"', numbered(path.read_text(), name))


@dataclass
class Form:
    """A form of the page at `path`."""

    tag: Tag
    page: BeautifulSoup
    path: str

    @property
    def source(self) -> str:
        """Return the name of the form in its template."""
        return str(self.tag.get("data-source", ""))

    @property
    def is_of_layout(self) -> bool:
        """Whether the form is on every page, so that sending it once is enough."""
        return self.source.startswith("layout/")

    @property
    def is_post(self) -> bool:
        """Whether it is sent by POST."""
        return str(self.tag.get("method", "get")).lower() == "post"

    @cached_property
    def controls(self) -> list[Tag]:
        """Return its fields in order, including those outside of the form that refer to it."""
        name = self.tag.get("id")
        inside = [one for one in self.tag.find_all(_FIELDS) if one.get("form") in (None, name)]
        return inside + self._elsewhere(_FIELDS)

    @cached_property
    def buttons(self) -> list[Tag]:
        """Return the enabled buttons that send it."""
        inside = [one for one in self.tag.find_all("button") if one.get("form") is None]
        found = inside + self._elsewhere(["button"])
        sending = [one for one in found if one.get("type", "submit") == "submit"]
        return [one for one in sending if not is_disabled(one)]

    def _elsewhere(self, kinds: list[str]) -> list[Tag]:
        name = self.tag.get("id")
        return list(self.page.find_all(kinds, attrs={"form": name})) if name else []

    @property
    def values(self) -> dict[str, list[str]]:
        """Return what a browser sends for the form as shown, without a button."""
        return values_of(self.controls)

    def target(self, button: Tag | None = None) -> str:
        """Return the URL to which this button sends the form."""
        given = (button.get("formaction") if button is not None else None) or self.tag.get("action")
        return str(given or self.path)

    def sender(self, button: Tag | None = None) -> Tag:
        """Return what sends it by htmx: this button, if it does so on its own, or the form."""
        return button if button is not None and button.has_attr("hx-post") else self.tag

    @property
    def shape(self) -> Any:
        """Return a value that is equal for forms that differ only in their values and their
        subject.
        """
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
    """Return the forms of a page, in order."""
    is_scattered = ' form="' in html  # some fields are outside of their form
    page = BeautifulSoup(
        html, "html.parser", parse_only=None if is_scattered else SoupStrainer("form")
    )
    return [Form(tag, page, path) for tag in page.find_all("form")]


def glance(html: str) -> frozenset[str]:
    """Return the page's forms without what may differ; a page with known ones needn't be parsed."""
    found = re.findall(r"<form\b.*?</form>", html, re.S)
    return frozenset(_PASSING.sub("", form) for form in found)


def nameless(words: str) -> str:
    """Return the text without ids and numbers."""
    return re.sub(r"\d+", "#", _ID.sub("*", words))


def _named(tag: Tag) -> str:
    return nameless(str(tag.get("name", "")))


def _choice(tag: Tag) -> Any:
    """Return the value of a choice, if it's a word of ours rather than an id."""
    if tag.get("type") in {"radio", "checkbox"}:
        return _ID.sub("*", str(tag.get("value", "")))
    return None


def _is_word(tag: Tag) -> bool:
    return str(tag.get("value", "")).replace("_", "").isalpha()
