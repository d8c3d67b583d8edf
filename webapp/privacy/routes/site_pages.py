"""Privacy, house rules and imprint: public, written by admins; and the accessibility statement."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core import site_settings
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, admins_only, public
from ...core.http.submit import done
from .. import pages, reads
from ..forms import PageForm
from ..models import PAGES
from ..pages import TITLES

bp = Blueprint("site_pages", __name__)
admin = Blueprint("site_page_edits", __name__, url_prefix="/admin/pages")
_WHICH = "<any(privacy, terms, imprint):page>"


@bp.get(f"/{_WHICH}")
@bp.get(f"/{_WHICH}/<int:number>")
@public
def show(page: str, number: int | None = None) -> ResponseReturnValue:
    """Show the current version of a legal page, or an earlier one."""
    newest = reads.newest(page)
    number = newest if number is None else number
    if not reads.DRAFT <= number <= newest:
        abort(404)
    version = reads.page(page, number)
    body = version.body if version else _draft(page)
    context = {
        "title": TITLES[page],
        "version": version,
        "number": number,
        "newest": newest,
        "page": page,
    }
    return render_page("privacy/site_page.html", body=body, **context)


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Show what is accessible, what isn't yet, and where to report problems."""
    return render_page("privacy/accessibility.html")


@admin.get("")
@admins_only
def index() -> ResponseReturnValue:
    """List the legal pages, and which are still drafts."""
    return render_page(
        "privacy/site_pages.html", pages=PAGES, titles=TITLES, published=reads.published_pages()
    )


@admin.get(f"/{_WHICH}")
@admins_only
def edit(page: str) -> ResponseReturnValue:
    """Show the form with a legal page's text."""
    now = reads.page(page)
    return _form(
        page,
        PageForm(
            body=now.body if now else _draft(page),
            version=now.number if now else reads.DRAFT,
            requires_agreement=True,
        ),
    )


@admin.post(f"/{_WHICH}")
@admins_only
def update(page: str) -> ResponseReturnValue:
    """Publish a new version; earlier ones can still be read."""
    form = PageForm()
    if not form.validate_on_submit():
        return _form(page, form, 422)
    try:
        version = pages.publish(
            page,
            form.body.data or "",
            actor(),
            form.version.data or 0,
            form.requires_agreement.data,
        )
    except UserError as broken:
        db.session.rollback()
        form.version.data = reads.newest(page)
        form.version.raw_data = None
        return _form(page, form.refuse(broken), broken.status)
    message = (
        _("Version %(number)s applies from now on.", number=version.number)
        if version
        else _("Nothing changed.")
    )
    return done(url_for("site_pages.show", page=page), message)


def _form(page: str, form: PageForm, status: int = 200) -> ResponseReturnValue:
    newest = reads.newest(page)
    return render_page(
        "privacy/site_page_form.html",
        form=form,
        page=page,
        title=TITLES[page],
        newest=newest,
        status=status,
    )


def _draft(page: str) -> str:
    return reads.draft(page, site_settings.value("SITE_NAME"))
