"""A page of help about who is seen to be here."""

from flask_babel import lazy_gettext as _l

from ..core.help import Topic, add


def register() -> None:
    """The page exists, and belongs to the one about one's own data."""
    summary = _l("Who sees that you have a page open, where nobody does, and how you choose.")
    add(
        Topic(
            "who-is-here", _l("Who is here"), summary, "people/help/who-is-here.html", "your-data"
        )
    )
