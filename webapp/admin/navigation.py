"""The pages of those who manage the site, in the order of their navigation, and what may
wait on them.
"""

from collections.abc import Container
from typing import Any

from flask_babel import lazy_gettext as _l

from ..accounts import reads as accounts
from ..core.http.permissions import may_on_site
from ..core.ui.navigation import Count, NavCount, NavItem, NavSection
from ..mail import dead_letters
from ..moderation import reads as cases
from ..news import reads as news
from .access import ACTIONS

AREA = NavSection()


def page(
    name: str,
    endpoint: str,
    label: Any,
    icon: str,
    action: str = "site:admin",
    is_apart: bool = False,
) -> None:
    """From now on the navigation leads anyone who may do `action` to that page, which says
    `here="name"` to the frame.
    """
    AREA.add_page(NavItem(name, endpoint, label, action, icon, is_apart))


def waiting(name: str, label: Any, count: Count, endpoint: str, action: str = "site:admin") -> None:
    """From now on the overview tells anyone who may do `action` how many of these wait:
    `count(user)` is a subquery.
    """
    AREA.add_waiting(NavCount(name, label, count, endpoint, action))


def places(user: Any, endpoints: Container[str]) -> list[NavItem]:
    """The pages to which `user` may come, of those that an application with these endpoints has."""
    return AREA.places(_actions_of(user), endpoints)


def what_waits(user: Any) -> list[tuple[NavCount, int]]:
    """What waits for `user`, in the order of its adding; nothing of which there is none.

    One statement.
    """
    return AREA.what_waits(_actions_of(user), user)


def register() -> None:
    """Everything that stands so far has its place."""
    page("overview", "admin.show", _l("Overview"), "home")
    page("approvals", "sign_up_approvals.index", _l("Approvals"), "clock")
    page("reports", "site_cases.index", _l("Reports"), "flag")
    page("people", "admin_people.index", _l("People"), "people", "site:people")
    page("groups", "admin_lists.groups", _l("Groups"), "star", "site:moderate")
    page("events", "admin_lists.events", _l("Events"), "calendar", "site:moderate")
    page("votes", "admin_lists.votes", _l("Votes"), "vote", "site:moderate")
    page("news", "site_feeds.index", _l("News"), "globe")
    page("topics", "topics.index", _l("Topics"), "list", is_apart=True)
    page(
        "announcement",
        "admin_announcement.edit",
        _l("Announcement"),
        "info",
        "site:setup",
        is_apart=True,
    )
    page("settings", "admin_settings.edit", _l("Settings"), "settings", "site:setup", is_apart=True)
    page("pages", "site_page_edits.index", _l("Legal pages"), "edit", is_apart=True)
    page("audit", "admin_audit.index", _l("Audit log"), "eye", "site:audit", is_apart=True)
    page("status", "status.show", _l("Status"), "check", is_apart=True)
    page("queue", "site_queue.index", _l("Jobs and email"), "mail", is_apart=True)
    waiting(
        "approvals",
        _l("People waiting for approval"),
        accounts.how_many_wait,
        "sign_up_approvals.index",
    )
    waiting("reports", _l("Reports to review"), cases.waiting_for_admin, "site_cases.index")
    waiting("news", _l("News feeds that aren’t working"), news.failing_on_site, "site_feeds.index")
    waiting(
        "emails",
        _l("Undelivered emails"),
        dead_letters.how_many,
        "site_queue.index",
    )


def _actions_of(user: Any) -> frozenset[str]:
    return frozenset(action for action in ACTIONS if may_on_site(user, action))
