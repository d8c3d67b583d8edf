"""The managers' pages about members, requests and settings."""

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..core.ui.navigation import AreaFigure, AreaPage
from ..core.ui.to_do import TodoRule
from . import reads
from .managing import AREA, has
from .models import APPROVE, Ban, JoinQuestion, JoinRequest

PAGES = (
    AreaPage(
        "members",
        "group_manage.members",
        _l("Members"),
        "people",
        "people",
        action="group:remove_members",
    ),
    AreaPage(
        "requests",
        "join_requests.index",
        _l("Requests"),
        "check",
        "people",
        action="group:answer_requests",
        is_in_use=lambda group, _user: group.join_policy == APPROVE,
        hint=_l("Approve people who want to join"),
        number=reads.requests,
    ),
    AreaPage(
        "bans",
        "bans.index",
        _l("Banned people"),
        "cross",
        "moderation",
        action="group:remove_members",
        is_in_use=has(Ban),
        hint=_l("Keep someone out of the group"),
        rank=1,
    ),
    AreaPage("page", "groups.edit", _l("Details"), "edit", "settings"),
    AreaPage("settings", "group_settings.edit", _l("Roles and permissions"), "key", "settings"),
    AreaPage(
        "code",
        "group_codes.edit",
        _l("Code of conduct"),
        "info",
        "settings",
        is_in_use=lambda group, _user: bool(group.code_of_conduct),
        hint=_l("Members agree to it"),
    ),
    AreaPage(
        "questions",
        "join_questions.index",
        _l("Questions"),
        "help",
        "settings",
        is_in_use=has(JoinQuestion),
        hint=_l("Ask people who want to join"),
    ),
    AreaPage(
        "cover",
        "groups.edit",
        _l("Cover"),
        "image",
        "settings",
        is_in_use=lambda group, _user: group.picture is not None,
        hint=_l("Upload a picture"),
        is_elsewhere=True,
    ),
)
TASKS = (
    TodoRule(
        "requests",
        lambda number: ngettext("Request to join", "Requests to join", number),
        reads.requests,
        "join_requests.index",
        action="group:answer_requests",
        moments=JoinRequest.created_at,
    ),
    TodoRule(
        "offer",
        lambda _number: _("Ownership offer for you"),
        reads.offers_to,
        "ownership.show",
        _l("Answer"),
        action="group:answer_offer",
    ),
)
MEMBERS = AreaFigure(
    "members",
    _l("Members"),
    lambda group, _user: group.member_count,
    detail=reads.recent_join_count,
    says=lambda number: ngettext("%(num)s new", "%(num)s new", number),
)


def register() -> None:
    """Add these pages, tasks and figures to the area of groups."""
    AREA.add(*PAGES)
    AREA.add_tasks(*TASKS)
    AREA.add_figures(MEMBERS)
