"""How sources are chosen, named, asked again and given up, wherever their news stands."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core import clock, once
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me
from .. import access, jobs, reads, sources, troubles
from ..access import Shelf
from ..forms import NameForm, SourceForm
from ..models import NewsSource


class Desk(NamedTuple):
    """Where the sources of a shelf are looked after: its blueprint, and what its addresses name."""

    shelf: Shelf
    blueprint: str
    named: dict[str, Any]

    def url(self, page: str, **more: Any) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.blueprint}.{page}", **self.named, **more)


def index(desk: Desk) -> ResponseReturnValue:
    """The sources with how they stand, and the form for one more."""
    return _list(desk, SourceForm())


def create(desk: Desk) -> ResponseReturnValue:
    """One more source, which is asked in a moment."""
    form = SourceForm()
    if not form.validate():
        return _list(desk, form, 422)
    chosen = {"url": form.url.data or "", "name": form.name.data or ""}
    try:
        once.made(
            NewsSource,
            me(),
            lambda id: sources.add(desk.shelf, me(), id=id, guard=jobs.guard(), **chosen),
        )
    except RuleBroken as broken:
        return _refused(desk, broken, form)
    flash(_("Chosen. We look there right now; its news stands here in a moment."), "yes")
    return see(desk.url("index"))


def edit(desk: Desk, source_id: UUID) -> ResponseReturnValue:
    """The form with its name."""
    source = access.source_on(desk.shelf, source_id)
    return _one(desk, source, NameForm(name=source.name))


def update(desk: Desk, source_id: UUID) -> ResponseReturnValue:
    """The source is called so."""
    source, form = access.source_on(desk.shelf, source_id), NameForm()
    if not form.validate():
        return _one(desk, source, form, 422)
    try:
        sources.rename(source, form.name.data or "", by=me())
    except RuleBroken as broken:
        return _refused(desk, broken, SourceForm(formdata=None))
    db.session.commit()
    flash(_("Changed."), "yes")
    return see(desk.url("index"))


def ask_again(desk: Desk, source_id: UUID) -> ResponseReturnValue:
    """The source is asked in a moment."""
    try:
        sources.ask_again(access.source_on(desk.shelf, source_id), by=me())
    except RuleBroken as broken:
        return _refused(desk, broken, SourceForm(formdata=None))
    db.session.commit()
    flash(_("We are asking it. Load this page again in a moment."))
    return see(desk.url("index"))


def ask_removal(desk: Desk, source_id: UUID) -> ResponseReturnValue:
    """Whether it shall go, with what it said."""
    source = access.source_on(desk.shelf, source_id)
    return render_page("news/removal.html", source=source, desk=desk, group=desk.shelf.group)


def delete(desk: Desk, source_id: UUID) -> ResponseReturnValue:
    """The source is none any more."""
    source = access.source_on(desk.shelf, source_id)
    called = source.called
    try:
        sources.remove(desk.shelf, source, by=me())
    except RuleBroken as broken:
        return _refused(desk, broken, SourceForm(formdata=None))
    db.session.commit()
    flash(_("“%(name)s” is no source any more.", name=called), "yes")
    return see(desk.url("index"))


def _refused(desk: Desk, broken: RuleBroken, form: SourceForm) -> ResponseReturnValue:
    db.session.rollback()
    return _list(desk, form.refuse(broken), broken.status)


def _list(desk: Desk, form: Any, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {"desk": desk, "form": form, "most": sources.MOST, "now": clock.now()}
    shown |= {
        "sources": reads.sources(desk.shelf),
        "troubles": troubles.SENTENCES,
        "is_resting": sources.is_resting,
    }
    return render_page(_page("sources", desk), status=status, group=desk.shelf.group, **shown)


def _one(desk: Desk, source: NewsSource, form: NameForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        _page("source", desk),
        status=status,
        group=desk.shelf.group,
        desk=desk,
        source=source,
        form=form,
    )


def _page(name: str, desk: Desk) -> str:
    """The page in the frame of the group's organizers, or of the site's admins."""
    return f"news/{'group' if desk.shelf.group else 'site'}_{name}.html"
