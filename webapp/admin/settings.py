"""The site's name, logo, colour, welcome text and sign-up rules, changed by admins without a
restart.
"""

import json
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core import site_settings
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.errors import Conflict
from ..core.observability import audit
from ..core.storage import pictures

#: The settings that admins can change.
SETTLED = ("SITE_NAME", "ACCENT", "WELCOME", "SIGN_UP", "MINIMUM_AGE", "GROUP_CREATION")
#: The audit log has the new values of these; for the others only that they changed.
_TOLD = ("SIGN_UP", "MINIMUM_AGE", "GROUP_CREATION")
#: The id of the logo's picture; it has its own form.
LOGO = "LOGO"


def stamp(settled: site_settings.SettingsSnapshot, usual: dict[str, Any]) -> str:
    """Return a stamp of these settings that changes when one of them does.

    Announcements don't affect it.
    """
    return tokens.fingerprint(
        "settings", json.dumps([settled.values.get(name, usual.get(name, "")) for name in SETTLED])
    )


def save_settings(chosen: dict[str, Any], usual: dict[str, Any], seen: str, by: User) -> list[str]:
    """Save the settings for all processes; return the names of those that changed.

    A value equal to `usual`, the environment's, follows the environment again. Raises Conflict if
    someone else has changed them since `seen`, the stamp then.
    """
    settled = site_settings.hold()
    if stamp(settled, usual) != seen:
        raise Conflict(_changed_meanwhile())
    changed = [
        name for name in SETTLED if chosen[name] != settled.values.get(name, usual.get(name, ""))
    ]
    try:
        with db.session.begin_nested():
            for name in changed:
                site_settings.write(
                    name, None if chosen[name] == usual.get(name, "") else chosen[name]
                )
    except IntegrityError:
        raise Conflict(_changed_meanwhile()) from None
    if changed:
        audit.record(
            "site.settled",
            by=by,
            changed=changed,
            **{name.lower(): chosen[name] for name in changed if name in _TOLD},
        )
    return changed


def logo() -> UUID | None:
    """Return the id of the site's logo; None if it has the default one."""
    settled = site_settings.value(LOGO)
    return UUID(settled) if settled else None


def put_logo(content: bytes, by: User) -> None:
    """Set the logo for all pages and emails. Raises UserError if it isn't a picture."""
    _replace_logo(pictures.keep(pictures.LOGO, content), by)


def remove_logo(by: User) -> None:
    """Restore the default logo."""
    _replace_logo(None, by)


def _replace_logo(new: UUID | None, by: User) -> None:
    before = site_settings.hold().values.get(LOGO)
    if new is None and before is None:
        return
    try:
        with db.session.begin_nested():
            site_settings.write(LOGO, str(new) if new else None)
    except IntegrityError:
        raise Conflict(_("Someone else has just added a logo.")) from None
    pictures.drop(pictures.LOGO, UUID(before) if before else None)
    audit.record("site.settled", by=by, changed=[LOGO])


def add_logo(kind: str, ids: set[str]) -> None:
    """Add the logo to the files that are in use."""
    if kind == "picture":
        ids.update(id.hex for id in [logo()] if id)


def _changed_meanwhile() -> str:
    return _(
        "Someone else has changed a setting in the meantime. Your choices are still below. Check "
        "them, then save again."
    )
