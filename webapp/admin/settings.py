"""What the site is called, its colour, how it greets, who can sign up and who can start groups:
settled by admins, without a restart.
"""

import json
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core import site_settings
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.errors import Conflict
from ..core.observability import audit

#: What admins settle.
SETTLED = ("SITE_NAME", "ACCENT", "WELCOME", "SIGN_UP", "MINIMUM_AGE", "GROUP_CREATION")
#: Of these the log says what they became; of the others only that they changed.
_TOLD = ("SIGN_UP", "MINIMUM_AGE", "GROUP_CREATION")


def stamp(settled: site_settings.SettingsSnapshot, usual: dict[str, Any]) -> str:
    """The word for what holds of all this: another one when some of it changes, the same
    whatever else is announced.
    """
    return tokens.fingerprint(
        "settings", json.dumps([settled.values.get(name, usual.get(name, "")) for name in SETTLED])
    )


def save_settings(wanted: dict[str, Any], usual: dict[str, Any], seen: str, by: User) -> list[str]:
    """These hold from now on, in all processes; returns the names of those that changed. What is as
    `usual`, as the environment says, follows the environment again. Raises Conflict when someone
    else has changed it since `seen`, its stamp then."""
    settled = site_settings.hold()
    if stamp(settled, usual) != seen:
        raise Conflict(_changed_meanwhile())
    changed = [
        name for name in SETTLED if wanted[name] != settled.values.get(name, usual.get(name, ""))
    ]
    try:
        with db.session.begin_nested():
            for name in changed:
                site_settings.write(
                    name, None if wanted[name] == usual.get(name, "") else wanted[name]
                )
    except IntegrityError:
        raise Conflict(_changed_meanwhile()) from None
    if changed:
        audit.record(
            "site.settled",
            by=by,
            changed=changed,
            **{name.lower(): wanted[name] for name in changed if name in _TOLD},
        )
    return changed


def _changed_meanwhile() -> str:
    return _(
        "Someone else has changed a setting in the meantime. Your choices are still below. Check "
        "them, then save again."
    )
