"""What admins of the site may do: one table for the code and for `/roles`.

It includes what nobody may do.
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
        "See the site’s status, retry what failed, approve sign-ups, and manage its news feeds, "
        "topics and legal pages"
    ),
    "site:people": _l("Find everyone’s account, sign people out, and resend confirmation emails"),
    "site:admins": _l("Add and remove admins; the last one stays"),
    "site:moderate": _l(
        "Decide on reports to the site, close and reopen accounts, and hide groups and events, "
        "with a reason"
    ),
    "site:setup": _l("Set the site’s name, who can sign up, and the announcement"),
    "site:audit": _l("Search the audit log"),
    "site:read_inside": _l("Read what’s inside a closed or secret group without being a member"),
    "site:read_ballots": _l("See who voted, or how"),
}

TABLES["site"] = PermissionTable(_l("Whole site"), [(ADMIN, _l("Admin"))], ACTIONS, SENTENCES)
