"""What the site is called, its logo and colour, how it greets, who can sign up and who can start
groups: settled by admins, without a restart.
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

#: What admins settle.
SETTLED = ("SITE_NAME", "ACCENT", "WELCOME", "SIGN_UP", "MINIMUM_AGE", "GROUP_CREATION")
#: Of these the log says what they became; of the others only that they changed.
_TOLD = ("SIGN_UP", "MINIMUM_AGE", "GROUP_CREATION")
#: The id of the logo's picture; it has a form of its own.
LOGO = "LOGO"


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


def logo() -> UUID | None:
    """The picture that is the site's logo; None where it has Folkmoot's."""
    settled = site_settings.value(LOGO)
    return UUID(settled) if settled else None


def put_logo(content: bytes, by: User) -> None:
    """The site has this logo on every page and in every email. Raises UserError for none."""
    _replace_logo(pictures.keep(pictures.LOGO, content), by)


def remove_logo(by: User) -> None:
    """The site has Folkmoot's logo."""
    _replace_logo(None, by)


def _replace_logo(new: UUID | None, by: User) -> None:
    before = site_settings.hold().values.get(LOGO)
    if new is None and before is None:
        return
    try:
        with db.session.begin_nested():
            site_settings.write(LOGO, str(new) if new else None)
    except IntegrityError:
        raise Conflict(_("Someone else has added a logo at the same moment.")) from None
    pictures.drop(pictures.LOGO, UUID(before) if before else None)
    audit.record("site.settled", by=by, changed=[LOGO])


def add_logo(kind: str, ids: set[str]) -> None:
    """The logo's files are in use."""
    if kind == "picture":
        ids.update(id.hex for id in [logo()] if id)


def _changed_meanwhile() -> str:
    return _(
        "Someone else has changed a setting in the meantime. Your choices are still below. Check "
        "them, then save again."
    )
