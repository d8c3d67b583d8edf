"""The site's topics, by which groups and events are found. Admins create, rename and remove
them.
"""

from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import hooks
from ..core.db.base import new_id
from ..core.db.session import FOR_CHANGES, POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.text.slugs import free_slug
from ..core.text.strings import slugify
from ..core.text.typed import same_words
from .groups import renew_search_text
from .models import Category, Group, group_category

#: Suggested topics of a new site.
DEFAULTS = (
    "Arts and crafts",
    "Books and writing",
    "Children and families",
    "Dance and theatre",
    "Food and gardens",
    "Games",
    "Health and care",
    "Languages",
    "Music",
    "Nature",
    "Neighbourhood",
    "Repair and making",
    "Science and learning",
    "Sport and outdoors",
    "Technology",
)
#: Nobody would look through more.
MOST = 100
#: The length of the column.
_LONGEST_SLUG = 40


def ensure_defaults() -> None:
    """Create the topics of `DEFAULTS` if the site has none."""
    if db.session.scalar(sa.select(sa.func.count()).select_from(Category)):
        return
    db.session.add_all(Category(slug=slugify(name), name=name) for name in DEFAULTS)
    db.session.flush()


def of_ids(ids: list[str]) -> list[Category]:
    """Return the topics with these ids; unknown ids are skipped."""
    by_id = {str(category.id): category for category in db.session.scalars(sa.select(Category))}
    return [by_id[wanted] for wanted in dict.fromkeys(ids) if wanted in by_id]


def add(name: str, by: User, id: UUID | None = None) -> Category:
    """Create a topic. Raises UserError if one has this name."""
    _refuse_taken(name)
    if (db.session.scalar(sa.select(sa.func.count()).select_from(Category)) or 0) >= MOST:
        raise UserError(_("You can have up to 100 topics."), "name")
    topic = Category(
        id=id or new_id(), slug=free_slug(Category.slug, name[:_LONGEST_SLUG], "topic"), name=name
    )
    db.session.add(topic)
    audit.record("topic.added", by=by, subject=topic, name=name)
    db.session.flush()
    return topic


def rename(topic: Category, name: str, by: User) -> None:
    """Rename the topic and update the search text of its groups; its slug stays."""
    topic = _held(topic)
    _refuse_taken(name, but=topic)
    audit.record("topic.renamed", by=by, subject=topic, before=topic.name, after=name)
    topic.name = name
    db.session.flush()
    _find_anew(_groups_of(topic))


def remove(topic: Category, into: Category | None, by: User) -> None:
    """Delete the topic. Groups, events and people with it get `into` instead, or none.

    An event without its own topic is found under its group's. Raises UserError if `into` is the
    same topic.
    """
    topic = _held(topic)
    if into is not None and into.id == topic.id:
        raise UserError(_("Choose another topic, or none."), "into")
    groups = _groups_of(topic)
    hand_over(group_category, topic, into)
    hooks.topic_removed(topic=topic, into=into)
    audit.record(
        "topic.removed", by=by, subject=topic, name=topic.name, into=into.name if into else ""
    )
    db.session.delete(topic)
    db.session.flush()
    _find_anew(groups)


def hand_over(links: sa.Table, topic: Category, into: Category | None) -> None:
    """Replace the topic by `into` in this link table, without duplicates; delete the links if it is
    None.
    """
    of = links.c.category_id
    if into is not None:
        owner = next(column for column in links.primary_key if column is not of)
        query = sa.select(owner).where(of == into.id)
        db.session.execute(
            sa.update(links).where(of == topic.id, owner.not_in(query)).values(category_id=into.id)
        )
    db.session.execute(sa.delete(links).where(of == topic.id))


def _held(topic: Category) -> Category:
    """Lock the topic. Raises Conflict if another admin has removed it."""
    try:
        return locked(Category, topic.id)
    except LookupError:
        raise Conflict(_("Another admin has just removed this topic.")) from None


def _refuse_taken(name: str, but: Category | None = None) -> None:
    for other in db.session.scalars(sa.select(Category)):
        if other is not but and same_words(other.name) == same_words(name):
            raise UserError(
                _("There’s already a topic called “%(name)s”.", name=other.name), "name"
            )


def _groups_of(topic: Category) -> list[UUID]:
    return list(
        db.session.scalars(
            sa.select(group_category.c.group_id).where(group_category.c.category_id == topic.id)
        )
    )


def _find_anew(groups: list[UUID]) -> None:
    """Update the groups' search text with their topics. Always lock in the same order."""
    query = sa.select(Group).where(Group.id.in_(groups)).order_by(Group.id)
    query = query.with_for_update(**FOR_CHANGES)
    for group in db.session.scalars(query, execution_options=POPULATE_EXISTING):
        db.session.expire(group, ["categories"])
        renew_search_text(group)
    db.session.flush()
