"""What the site's admins may do: one table, which the code asks and `/roles` shows.

What nobody may is in it, too.
"""

from flask_babel import lazy_gettext as _l

from ..core.http.permissions import ADMIN, TABLES, PermissionTable

_ADMINS, _NOBODY = frozenset({ADMIN}), frozenset[str]()

ACTIONS: dict[str, frozenset[str]] = {
    "site:admin": _ADMINS,
    "site:people": _ADMINS,
    "site:admins": _ADMINS,
    "site:moderate": _ADMINS,
    "site:setup": _ADMINS,
    "site:audit": _ADMINS,
    "site:read_inside": _NOBODY,
    "site:read_ballots": _NOBODY,
}

SENTENCES = {
    "site:admin": _l(
        "See how the site fares, do again what failed, let people in, keep its news, its topics "
        "and its pages"
    ),
    "site:people": _l(
        "Find everyone’s account, sign someone out, and send the mail again that confirms an "
        "address"
    ),
    "site:admins": _l("Make someone an admin, and end that; the last one stays"),
    "site:moderate": _l(
        "Judge what was reported to the site, close and reopen accounts, hide groups and events, "
        "with a reason"
    ),
    "site:setup": _l("Settle what the site is called, who may sign up, and what is announced"),
    "site:audit": _l("Search the log of who did what"),
    "site:read_inside": _l(
        "Read what is inside a closed or a secret group without belonging to it"
    ),
    "site:read_ballots": _l("See who has voted, or how"),
}

TABLES["site"] = PermissionTable(
    _l("On the whole site"), [(ADMIN, _l("Admin"))], ACTIONS, SENTENCES
)
