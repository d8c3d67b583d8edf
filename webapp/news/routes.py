"""The pages of news and feeds: the same functions for groups and the site, at two paths."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ..core.db import idempotency
from ..core.db.keyset import requested_cursor
from ..core.http.errors import UserError
from ..core.http.forms import query_text
from ..core.http.page_cache import cached_for_visitors
from ..core.http.pages import render_page
from ..core.http.permissions import actor, opens, public, site_to
from ..core.http.submit import page_with, submitted
from ..core.time import clock
from ..groups import access as groups
from . import access, fetch_errors, jobs, reads, sources
from .access import SITE, NewsScope
from .forms import NameForm, SourceForm
from .models import NewsSource


def mount_news(bp: Blueprint, scope_for: Callable[..., NewsScope]) -> None:
    """Add the pages of a scope's news to the blueprint; `scope_for` gets the parameters of the
    path.
    """

    @bp.get("")
    @public
    @cached_for_visitors
    def index(**where: str) -> ResponseReturnValue:
        """List the items of the feeds, the latest first."""
        return list_page(scope_for(**where))

    @bp.get("/<uuid:item_id>")
    @public
    @cached_for_visitors
    def show(item_id: UUID, **where: str) -> ResponseReturnValue:
        """Show one item."""
        return item_page(scope_for(**where), item_id)


def list_page(scope: NewsScope) -> ResponseReturnValue:
    """List items, latest first; with `?q=` those containing words, with `?source=` those of one
    feed.
    """
    chosen = reads.sources(scope)
    words = query_text()
    source = next((one for one in chosen if str(one.id) == request.args.get("source")), None)
    return render_page(
        "news/index.html",
        {"news": "news/_news.html"},
        listing=reads.listed(scope, words, source and source.id, requested_cursor()),
        sources={one.id: one for one in chosen},
        news_state=reads.state_of(chosen),
        words=words,
        source=source,
        **_about(scope),
    )


def item_page(scope: NewsScope, item_id: UUID) -> ResponseReturnValue:
    """Show an item, with a link to its origin."""
    return render_page("news/show.html", item=access.item_in(scope, item_id), **_about(scope))


def _about(scope: NewsScope) -> dict[str, Any]:
    """The scope, where its pages are, and where the reader may choose feeds."""
    group = scope.group
    if group is None:
        to_choose = url_for("site_feeds.index") if getattr(current_user, "is_admin", False) else ""
        return {
            "group": None,
            "may": frozenset(),
            "at": url_for("site_news.index"),
            "to_choose": to_choose,
        }
    may = groups.actions_of(current_user, group)
    to_choose = url_for("group_feeds.index", slug=group.slug) if access.CHOOSE in may else ""
    return {
        "group": group,
        "may": may,
        "at": url_for("group_news.index", slug=group.slug),
        "to_choose": to_choose,
    }


class SourcesPages(NamedTuple):
    """Where a scope's feeds are managed: its blueprint, and the parameters of its paths."""

    scope: NewsScope
    blueprint: str
    named: dict[str, Any]

    def url(self, page: str, **more: Any) -> str:
        """Return the URL of one of its pages."""
        return url_for(f"{self.blueprint}.{page}", **self.named, **more)


def mount_sources(bp: Blueprint, load: Callable[..., SourcesPages], action: str) -> None:
    """Add the pages to manage a scope's feeds to the blueprint; `load` is the door to them."""
    opens_all, opens_one = opens(load, action), opens(load, action, _source)
    one = "/<uuid:source_id>"
    bp.get("")(opens_all(index))
    bp.post("")(opens_all(create))
    bp.get(one)(opens_one(edit))
    bp.post(one)(opens_one(update))
    bp.post(f"{one}/attempt")(opens_one(ask_again))
    bp.get(f"{one}/removal")(opens_one(ask_removal))
    bp.post(f"{one}/removal")(opens_one(delete))


def _source(pages: SourcesPages, source_id: UUID) -> NewsSource:
    return access.source_in(pages.scope, source_id)


def index(pages: SourcesPages) -> ResponseReturnValue:
    """List the feeds with their status, and the form for another."""
    return _list(pages, SourceForm())


def create(pages: SourcesPages) -> ResponseReturnValue:
    """Add a feed."""
    form = SourceForm()
    chosen = {"url": form.url.data or "", "name": form.name.data or ""}
    return submitted(
        form,
        lambda: idempotency.create_once(
            NewsSource,
            actor(),
            lambda id: sources.add(pages.scope, actor(), id=id, guard=jobs.guard(), **chosen),
        ),
        again=page_with(_list, form),
        to=pages.url("index"),
        flash=_("Feed added. Its news will show up here in a moment."),
    )


def edit(pages: SourcesPages, source: NewsSource) -> ResponseReturnValue:
    """Show the form with a feed's name."""
    return _one(pages, source, NameForm(name=source.name))


def update(pages: SourcesPages, source: NewsSource) -> ResponseReturnValue:
    """Rename a feed."""
    form = NameForm()
    if not form.validate():
        return _one(pages, source, form, 422)
    return submitted(
        None,
        lambda: sources.rename(source, form.name.data or "", by=actor()),
        again=lambda refused, pages, _source: _refused(pages, refused),
        to=pages.url("index"),
        flash=_("Saved."),
    )


def ask_again(pages: SourcesPages, source: NewsSource) -> ResponseReturnValue:
    """Fetch a feed now."""
    return submitted(
        None,
        lambda: sources.ask_again(source, by=actor()),
        again=lambda refused, pages, _source: _refused(pages, refused),
        to=pages.url("index"),
        flash=_("We’re checking the feed. Reload this page in a moment."),
    )


def ask_removal(pages: SourcesPages, source: NewsSource) -> ResponseReturnValue:
    """Ask before a feed is removed."""
    return render_page("news/removal.html", source=source, pages=pages, group=pages.scope.group)


def delete(pages: SourcesPages, source: NewsSource) -> ResponseReturnValue:
    """Remove a feed."""
    return submitted(
        None,
        lambda: sources.remove(pages.scope, source, by=actor()),
        again=lambda refused, pages, _source: _refused(pages, refused),
        to=pages.url("index"),
        flash=_("“%(name)s” removed.", name=source.display_name),
    )


def _refused(pages: SourcesPages, refused: UserError) -> ResponseReturnValue:
    return _list(pages, SourceForm(formdata=None).refuse(refused), refused.status)


def _list(pages: SourcesPages, form: Any, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {"pages": pages, "form": form, "most": sources.MOST, "now": clock.now()}
    shown |= {
        "sources": reads.sources(pages.scope),
        "troubles": fetch_errors.SENTENCES,
        "is_resting": sources.is_resting,
    }
    return render_page(_page("sources", pages), status=status, group=pages.scope.group, **shown)


def _one(
    pages: SourcesPages, source: NewsSource, form: NameForm, status: int = 200
) -> ResponseReturnValue:
    return render_page(
        _page("source", pages),
        status=status,
        group=pages.scope.group,
        pages=pages,
        source=source,
        form=form,
    )


def _page(name: str, pages: SourcesPages) -> str:
    """The template within the group's manage area, or the admins'."""
    return f"news/{'group' if pages.scope.group else 'site'}_{name}.html"


group_sources_bp = Blueprint("group_feeds", __name__, url_prefix="/groups/<slug>/manage/news")


def _group_pages(user: Any, action: str, slug: str) -> SourcesPages:
    group = groups.group_to(user, action, slug)
    return SourcesPages(NewsScope(group), "group_feeds", {"slug": slug})


mount_sources(group_sources_bp, _group_pages, access.CHOOSE)

group_news_bp = Blueprint("group_news", __name__, url_prefix="/groups/<slug>/news")
mount_news(group_news_bp, lambda slug: access.scope_for(current_user, slug))


site_sources_bp = Blueprint("site_feeds", __name__, url_prefix="/admin/news")


def _site_pages(user: Any, action: str) -> SourcesPages:
    site_to(user, action)
    return SourcesPages(SITE, "site_feeds", {})


mount_sources(site_sources_bp, _site_pages, "site:admin")

site_news_bp = Blueprint("site_news", __name__, url_prefix="/news")
mount_news(site_news_bp, lambda: SITE)


BLUEPRINTS = [
    group_news_bp,
    group_sources_bp,
    site_news_bp,
    site_sources_bp,
]
