"""The admins' menu, and their tasks."""

from typing import Any

from flask_babel import lazy_gettext as _l, ngettext

from ..accounts import reads as accounts
from ..accounts.models import User
from ..core import site_settings
from ..core.http.permissions import may_on_site
from ..core.ui.navigation import Area, AreaPage, Menu
from ..core.ui.to_do import TodoRule
from ..groups import reads as groups
from ..mail import dead_letters
from ..mail.models import OutgoingEmail
from ..moderation import reads as cases
from ..moderation.models import Case
from ..news import reads as news
from ..news.models import NewsSource
from .access import ACTIONS

AREA = Area(
    overview="admin.show",
    overview_action="site:admin",
    action="site:admin",
    values=lambda _user: {},
    headings={
        "people": _l("People"),
        "content": _l("Content"),
        "messages": _l("Messages"),
        "system": _l("System"),
    },
)


def menu(user: Any, is_overview: bool = False) -> Menu:
    """Return the pages that `user` may open; for the overview also tasks."""
    may = frozenset(action for action in ACTIONS if may_on_site(user, action))
    return AREA.menu(may, user, is_overview=is_overview)


PAGES = (
    AreaPage(
        "people", "admin_people.index", _l("People"), "people", "people", action="site:people"
    ),
    AreaPage(
        "approvals",
        "sign_up_approvals.index",
        _l("Sign-ups"),
        "check",
        "people",
        is_in_use=lambda _user: site_settings.value("SIGN_UP") == "approval",
        hint=_l("Approve new accounts"),
        number=accounts.waiting_count,
    ),
    AreaPage(
        "reports",
        "site_cases.index",
        _l("Reports"),
        "flag",
        "people",
        number=cases.waiting_for_admin,
    ),
    *(
        AreaPage(name, endpoint, label, icon, "content", action="site:moderate")
        for name, endpoint, label, icon in (
            ("groups", "admin_lists.groups", _l("Groups"), "people"),
            ("events", "admin_lists.events", _l("Events"), "calendar"),
            ("votes", "admin_lists.votes", _l("Votes"), "vote"),
        )
    ),
    AreaPage("topics", "topics.index", _l("Topics"), "list", "content"),
    AreaPage("pages", "site_page_edits.index", _l("Legal pages"), "edit", "content"),
    AreaPage(
        "news",
        "site_feeds.index",
        _l("News feeds"),
        "globe",
        "content",
        is_in_use=news.has_sources_of_site,
        hint=_l("Show news from other sites"),
    ),
    AreaPage(
        "announcement",
        "admin_announcement.edit",
        _l("Announcement"),
        "bell",
        "messages",
        action="site:setup",
    ),
    AreaPage("queue", "site_queue.index", _l("Jobs and email"), "send", "messages"),
    AreaPage(
        "settings",
        "admin_settings.edit",
        _l("Settings"),
        "settings",
        "system",
        action="site:setup",
    ),
    AreaPage("status", "status.show", _l("Status"), "count", "system"),
    AreaPage("audit", "admin_audit.index", _l("Audit log"), "eye", "system", action="site:audit"),
)
TASKS = (
    TodoRule(
        "approvals",
        lambda number: ngettext("Sign-up to approve", "Sign-ups to approve", number),
        accounts.waiting_count,
        "sign_up_approvals.index",
        moments=User.verified_at,
    ),
    TodoRule(
        "groups",
        lambda number: ngettext("Group’s name to approve", "Names of groups to approve", number),
        groups.awaiting_approval_count,
        "admin_lists.groups",
        action="site:moderate",
        hint=_l("It contains a link"),
        values=lambda _user: {"show": "hidden"},
    ),
    TodoRule(
        "reports",
        lambda number: ngettext("Report", "Reports", number),
        cases.waiting_for_admin,
        "site_cases.index",
        moments=Case.pending_since,
    ),
    TodoRule(
        "emails",
        lambda number: ngettext("Undelivered email", "Undelivered emails", number),
        dead_letters.how_many,
        "site_queue.index",
        moments=OutgoingEmail.ended_at,
    ),
    TodoRule(
        "news",
        news.failing_in_words,
        news.failing_on_site,
        "site_feeds.index",
        _l("Fix"),
        moments=NewsSource.failing_since,
        says=news.failing_since_in_words,
        rank=1,
    ),
)
AREA.add(*PAGES)
AREA.add_tasks(*TASKS)
