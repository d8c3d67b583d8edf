"""States that change what a page's forms contain, and the pages that show them.

Each function adds its state to the sample site.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.browser_like import Browser, values_of
from tests.sample_site import SampleSite
from webapp.core.extensions import db


class Look(NamedTuple):
    """A page as the person with this role sees it.

    `then`: what they do there first; `known`: codes and keys that they have.
    """

    who: str
    path: str
    then: Callable[[Any], Any] | None = None
    known: Mapping[str, str] = {}


def send_to(tab: Browser, path: str, action: str, **values: str) -> None:
    """Submit the page's form to `path`, as a button that leads to `action` does."""
    tab.post(path, {**values_of(tab._form(action)), **values}, csrf=False)


class SampleRows:
    """The people of the sample site by their roles, and its group, as rows of this session."""

    def __init__(self, here: SampleSite) -> None:
        self._here = here

    def __getattr__(self, name: str) -> Any:
        row = self._here.people.get(name) or getattr(self._here, name)
        return db.session.get(type(row), row.id)
