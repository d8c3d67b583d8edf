"""A page of help about one's own data."""

from flask_babel import lazy_gettext as _l

from ..core.help import Topic, add


def register() -> None:
    """The page exists."""
    summary = _l(
        "What is kept about you and who sees it; how you take it along, and how you leave."
    )
    add(Topic("your-data", _l("Your data"), summary, "privacy/help/your-data.html"))
