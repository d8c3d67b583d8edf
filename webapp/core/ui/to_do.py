"""Things to do, as overviews, the first page and checklists show them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _, lazy_gettext as _l

from ..i18n import since

#: What is known about an event, a group or the site: a value, or a part of the one statement.
Question = Callable[..., Any]


class Todo(NamedTuple):
    """Something to do: a sentence, what else there is to say, and a button `verb` to `url`.

    A `number` is shown if it is a count, otherwise a `symbol`. If the sentence names what it is
    `about`, that part is the link. `buttons` are forms: label, action, and whether it is the main
    one. Steps of a checklist tell whether they are done. `until` is the deadline.
    """

    words: str
    detail: str = ""
    url: str = ""
    verb: str = ""
    number: int | None = None
    symbol: str = "info"
    about: str = ""
    buttons: Sequence[tuple[str, str, bool]] = ()
    until: datetime | None = None
    is_done: bool = False
    is_optional: bool = False

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence before what it is about, that part, and the rest."""
        return self.words.rpartition(self.about or self.words)


def oldest(moment: datetime, *_about: Any) -> str:
    """Return “Oldest: 2 days ago”."""
    return _("Oldest: %(ago)s", ago=since(moment))


class TodoRule(NamedTuple):
    """A feature's rule that there is something to do while `how_many` is above 0, or true.

    It's shown to those who may do `action`, by default the area's action: the `words` of the
    number, a button `verb`, and `hint` or what `says` returns for the earliest of the rows'
    `moments`. `values` are those of the URL. Lower ranks come first.
    """

    name: str
    words: Callable[[int], str]
    how_many: Question
    endpoint: str
    verb: Any = _l("Review")
    action: str = ""
    hint: Any = ""
    moments: Any = None
    says: Callable[..., str] = oldest
    values: Question | None = None
    rank: int = 0
