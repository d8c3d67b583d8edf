"""What people sign in or sign up for, as the page that they come back to says it.

Each feature declares its pages in its `register(app)`.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _


class Purpose(NamedTuple):
    """The headings of the sign-in and of the sign-up."""

    sign_in: str
    sign_up: str


#: Takes the reader, the URL's values and its fragment. Returns None, or raises NotFound, for what
#: this reader may not see: the heading must not name it.
Finder = Callable[[Any, Mapping[str, Any], str], Purpose | None]
#: By the endpoint of the page.
FINDERS: dict[str, Finder] = {}


def continuing_to(name: str) -> Purpose:
    """Return the purpose of someone who only reads a page with this name."""
    return Purpose(
        _("Sign in to continue to %(name)s", name=name),
        _("Create an account to continue to %(name)s", name=name),
    )
