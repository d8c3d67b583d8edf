"""The feeds of a group or the site: add, rename, fetch again and remove them."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.jobs.queue import enqueue
from ..core.observability import audit
from ..core.time import clock
from ..groups import memberships
from . import polling, ssrf_guard
from .access import NewsScope
from .fetch_errors import FetchError
from .models import NewsSource
from .ssrf_guard import PUBLIC, Guard

#: The most feeds of a group or the site.
MOST = 20
#: The pause after a fetch before anyone can ask for another.
RESTS = timedelta(minutes=1)


def add(
    scope: NewsScope,
    by: User,
    url: str,
    name: str = "",
    id: UUID | None = None,
    guard: Guard = PUBLIC,
) -> NewsSource:
    """Add a feed, which is fetched as soon as this commits, and then every hour.

    Raises UserError if it was added before, there are too many, or the URL isn't public.
    """
    scope = _held(scope)
    address = _address(url, guard)
    chosen = set(db.session.scalars(sa.select(NewsSource.url).where(scope.holds(NewsSource))))
    if address in chosen:
        raise UserError(_("This feed has already been added."), "url")
    if len(chosen) >= MOST:
        raise UserError(_("You can have up to 20 feeds."), "url")
    group = scope.group
    source = NewsSource(
        id=id or new_id(), group_id=group and group.id, url=address, name=name, due_at=clock.now()
    )
    db.session.add(source)
    if group is not None:
        group.has_news = True
    db.session.flush()
    audit.record("news_source.added", by=by, subject=source, host=source.host)
    enqueue(polling.JOB)
    return source


def rename(source: NewsSource, name: str, by: User) -> None:
    """Rename the feed; without a name its own title is shown."""
    source = _fresh(source)
    source.name = name
    db.session.flush()
    audit.record("news_source.renamed", by=by, subject=source, host=source.host)


def ask_again(source: NewsSource, by: User) -> None:
    """Fetch the feed as soon as this commits, however long it has failed.

    Raises UserError if it was fetched just now.
    """
    source = _fresh(source)
    if is_resting(source):
        raise UserError(_("We’ve just checked this feed. Try again in a minute."))
    source.due_at = clock.now()
    db.session.flush()
    audit.record("news_source.asked", by=by, subject=source, host=source.host)
    enqueue(polling.JOB)


def remove(scope: NewsScope, source: NewsSource, by: User) -> None:
    """Remove the feed and its items."""
    scope = _held(scope)
    source = _fresh(source)
    audit.record("news_source.removed", by=by, subject=source, host=source.host)
    db.session.delete(source)
    db.session.flush()
    if scope.group is not None:
        others = sa.select(NewsSource.id).where(scope.holds(NewsSource)).limit(1)
        scope.group.has_news = db.session.scalar(others) is not None
        db.session.flush()


def is_resting(source: NewsSource) -> bool:
    """Whether it was fetched so recently that nobody may ask for another fetch."""
    return source.checked_at is not None and clock.now() - source.checked_at < RESTS


def _held(scope: NewsScope) -> NewsScope:
    """Lock the group, or all of the site's feeds, so that their number can't change."""
    if scope.group is not None:
        return NewsScope(memberships.hold(scope.group))
    db.session.execute(
        sa.select(NewsSource.id)
        .where(scope.holds(NewsSource))
        .order_by(NewsSource.id)
        .with_for_update()
    ).all()
    return scope


def _fresh(source: NewsSource) -> NewsSource:
    try:
        return locked(NewsSource, source.id)
    except LookupError:
        raise Conflict(_("Someone has just removed this feed.")) from None


def _address(written: str, guard: Guard) -> str:
    """Normalize the URL; without a scheme, HTTPS is assumed."""
    url = written.strip().partition("#")[0]
    url = f"https:{url.partition(':')[2]}" if url.lower().startswith("feed:") else url
    try:
        return ssrf_guard.visitable(url if "://" in url else f"https://{url}", guard).url
    except FetchError:
        raise UserError(
            _("Enter a public link that begins with https:// or http://."),
            "url",
        ) from None
