"""Groups: create, edit, delete and restore them; their picture; and hiding by admins.

Outsiders can't find a hidden group, as if it were secret, and its owners can't change that. A group
whose name contains a domain is hidden until an admin has approved the name.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core import hooks, live
from ..core.db import base
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.storage import pictures
from ..core.text import search
from ..core.text.markdown import plain
from ..core.text.names import has_address
from ..core.text.slugs import RESERVED, secret_slug
from ..core.text.strings import slugify
from ..core.time import clock
from . import memberships, notices
from .models import INVITE, OWNER, PAIRS, SECRET, Group, GroupSlug, OwnSettings
from .reads import KEPT


def hide(group: Group, by: User) -> None:
    """Make the group secret until `unhide`, with all effects for outsiders."""
    group = memberships.hold(group)
    if group.visibility == SECRET and not group.awaits_approval:
        raise UserError(_("Only members can see this group already."))
    group.settings_before_hiding = _own_settings(group)
    _show_as(group, SECRET, INVITE)
    audit.record("group.hidden", by=by, subject=group)


def unhide(group: Group, by: User) -> None:
    """Restore the visibility that the group had before it was hidden; do nothing if it wasn't."""
    group = memberships.hold(group)
    if not group.is_hidden:
        return
    _restore_settings(group)
    audit.record("group.shown", by=by, subject=group)


def approve_name(group: Group, by: User, version: int) -> None:
    """Show the group whose name waits for approval, and notify its owners; do nothing if it was
    just approved. Raises Conflict if it has changed since `version`, or was hidden.
    """
    group = memberships.hold(group)
    if group.settings_before_hiding is None:
        return
    if not group.awaits_approval or group.version != version:
        raise Conflict(_("This group has just changed. Check its name again."))
    _restore_settings(group)
    audit.record("group.approved", by=by, subject=group)
    notices.name_approved(group, by)


def _own_settings(group: Group) -> OwnSettings:
    """Return what its owners chose."""
    before = group.settings_before_hiding
    return OwnSettings(*(before[:2] if before else (group.visibility, group.join_policy)))


def _restore_settings(group: Group) -> None:
    own = _own_settings(group)
    group.settings_before_hiding = None
    _show_as(group, own.visibility, own.join_policy)


def _check_name(group: Group, by: User) -> None:
    """Hide a group whose new name contains what may be a domain, until an admin approves it or the
    name changes: emails and lists would spread the name as the site's own words.
    """
    if _needs_approval(group.name, by):
        if group.settings_before_hiding is None:
            group.settings_before_hiding = _own_settings(group)._replace(awaits_approval=True)
            _show_as(group, SECRET, INVITE)
    elif group.awaits_approval:
        _restore_settings(group)


def _needs_approval(name: str, by: User) -> bool:
    return has_address(name) and not by.is_admin


def _refuse_showing(group: Group, by: User, name: str, visibility: str) -> None:
    """Raises UserError if a hidden group would become visible, with this name."""
    if visibility == SECRET:
        return
    if group.is_hidden:
        sentence = _(
            "The site’s admins have hidden this group. It stays secret until they lift that "
            "decision."
        )
        raise UserError(sentence, "visibility")
    if group.awaits_approval and _needs_approval(name, by):
        sentence = _("An admin has to approve the group’s name first. It stays secret until then.")
        raise UserError(sentence, "visibility")


def _show_as(group: Group, visibility: str, join_policy: str) -> None:
    before = group.visibility
    group.visibility, group.join_policy = visibility, join_policy
    group.version += 1
    live.signal(f"group:{group.id}:page")
    db.session.flush()
    hooks.group_edited(group=group, name_before=group.name, visibility_before=before)


#: How long a new member sees the welcome message.
WELCOMED = timedelta(days=1)
#: How many characters of the description are searched.
MOST_SEARCHED = 4000


def create(by: User, id: UUID | None = None, **values: Any) -> Group:
    """Create a group owned by `by`.

    A taken slug gets a suffix, without a reason; a secret group gets a slug that can't be guessed.
    See `decisions/0050`.
    """
    _check(values)
    group = Group(id=id or new_id(), member_count=0)
    new_slug = values.pop("slug", "") or values["name"]
    _write(group, values)
    _settle(
        group,
        secret_slug(new_slug, "group")
        if group.visibility == SECRET
        else slugify(new_slug, "group"),
    )
    memberships.admit(group, by, OWNER)
    audit.record("group.created", by=by, subject=group)
    _check_name(group, by)
    return group


def edit(group: Group, by: User, version: int, **values: Any) -> Group:
    """Change the group. An earlier slug redirects people who may see the group.

    Raises Conflict if it has changed since `version`.
    """
    _check(values)
    group = locked(Group, group.id)
    _refuse_showing(group, by, values["name"], values["visibility"])
    if group.version != version:
        raise Conflict(
            _(
                "Someone else changed this group while you were writing. Your version is still "
                "below. Save again to replace theirs."
            )
        )
    if group.awaits_approval and values["visibility"] != SECRET:
        group.settings_before_hiding = None  # the new name doesn't wait, and they chose again
    name, before = group.name, group.visibility
    new_slug = slugify(values.pop("slug", "") or group.slug, "group")
    _write(group, values)
    if group.visibility == SECRET and (new_slug != group.slug or before != SECRET):
        _rename(group, secret_slug(new_slug, "group"))
    elif new_slug != group.slug:
        _rename(group, new_slug)
    group.version += 1
    audit.record(
        "group.edited", by=by, subject=group, visibility_before=before, visibility=group.visibility
    )
    live.signal(f"group:{group.id}:page")
    db.session.flush()
    hooks.group_edited(group=group, name_before=name, visibility_before=before)
    if group.name != name:
        _check_name(group, by)
    return group


def delete(group: Group, by: User) -> None:
    """Delete the group; owners can restore it for 30 days."""
    group = locked(Group, group.id)
    if group.deleted_at is not None:
        return
    group.deleted_at = clock.now()
    hooks.group_deleted(group=group)
    audit.record("group.deleted", by=by, subject=group)
    notices.deleted(group, by)
    live.signal(f"group:{group.id}:page")
    db.session.flush()


def restore(group: Group, by: User) -> Group:
    """Restore the group with its content. Raises Conflict after 30 days."""
    group = locked(Group, group.id)
    if group.deleted_at is None or group.deleted_at <= clock.now() - KEPT:
        raise Conflict(_("This group can no longer be restored."))
    group.deleted_at = None
    audit.record("group.restored", by=by, subject=group)
    db.session.flush()
    hooks.group_restored(group=group)
    return group


def _check(values: dict[str, Any]) -> None:
    if values["join_policy"] not in PAIRS.get(values["visibility"], ()):
        sentence = _(
            "Choose another way to join. Closed groups approve or invite people. Secret groups "
            "only invite people."
        )
        raise UserError(sentence, "join_policy")


def _write(group: Group, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(group, name, value)
    renew_search_text(group)


def renew_search_text(group: Group) -> None:
    """Update the group's search text from its own texts and its topics."""
    topics = " ".join(category.name for category in group.categories)
    more = plain(group.description or "", MOST_SEARCHED)
    group.search_text = search.search_text_of(
        group.name, f"{group.summary or ''} {topics}", more, group.location or ""
    )


def _rename(group: Group, new_slug: str) -> None:
    before = group.slug
    own = sa.and_(GroupSlug.slug == new_slug, GroupSlug.group_id == group.id)
    db.session.execute(sa.delete(GroupSlug).where(sa.or_(own, GroupSlug.slug == before)))
    _settle(group, new_slug)
    db.session.add(GroupSlug(slug=before, group_id=group.id))


def _settle(group: Group, new_slug: str) -> None:
    """Save the group with the slug, or with a suffix if it is taken, even by someone who was just
    faster.
    """
    for slug in (new_slug, f"{new_slug}-{base.random_suffix()}"):
        if _is_taken(slug):
            continue
        try:
            with db.session.begin_nested():
                group.slug = slug
                db.session.add(group)
        except IntegrityError:
            continue
        return
    raise Conflict(_("That link has just been taken. Try again."))


def _is_taken(slug: str) -> bool:
    """A group keeps its earlier slugs, except secret groups: a refusal would reveal that they
    exist.
    """
    with db.session.no_autoflush:
        now = db.session.scalar(sa.select(Group.id).where(Group.slug == slug))
        held = (
            sa.select(GroupSlug.group_id)
            .join(Group)
            .where(GroupSlug.slug == slug, Group.visibility != SECRET)
        )
        before = db.session.scalar(held)
    return slug in RESERVED or now is not None or before is not None


def put_picture(group: Group, by: User, content: bytes) -> None:
    """Replace the group's picture.

    Raises UserError if the content is no picture.
    """
    replace_picture(group, by, pictures.keep(pictures.COVER, content))


def replace_picture(group: Group, by: User, picture: UUID | None) -> None:
    """Replace the group's picture with a kept one, or with None by a drawn landscape, and drop the
    previous files.
    """
    group = locked(Group, group.id)
    pictures.drop(pictures.COVER, group.picture)
    group.picture = picture
    audit.record("group.pictured", by=by, subject=group)
    live.signal(f"group:{group.id}:page")
    db.session.flush()
