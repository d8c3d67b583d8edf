"""What a page of help says about one kind of vote."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

#: Of kinds where the greatest sum wins.
LEVEL = _l("Where several are level on top, the lot names one of them, and the result says so.")


class Explained(NamedTuple):
    """The `title` of the page; `good` and `careful`: when to take it, and when rather not; `steps`
    of the count; `knowing`: what surprises people; `source`: where the rule comes from; `tells`:
    what the example shows."""

    title: Any
    summary: Any
    good: Any
    careful: Any
    ballot: Any
    steps: tuple[Any, ...]
    knowing: tuple[Any, ...]
    source: Any
    tells: Any
