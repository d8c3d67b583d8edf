"""A page of help about groups and roles."""

from flask_babel import lazy_gettext as _l

from ..core.help import Topic, add


def register() -> None:
    """The page exists."""
    summary = _l("How one joins, who looks after what, and what a group settles for itself.")
    add(
        Topic(
            "groups-and-roles",
            _l("Groups and roles"),
            summary,
            "groups/help/groups-and-roles.html",
            section="groups",
        )
    )
