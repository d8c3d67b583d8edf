"""Legal pages: every change is a new version, and none is lost."""

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core.extensions import db
from ..core.http.errors import Conflict
from ..core.observability import audit
from . import reads
from .models import IMPRINT, PRIVACY, TERMS, SitePage


def publish(
    name: str, body: str, by: User, after: int, requires_agreement: bool = False
) -> SitePage | None:
    """Publish the page's text as a new version; return None if nothing changed.

    With `requires_agreement`, everyone must agree to the new house rules before they continue; `by`
    counts as having agreed. Raises Conflict if `after` isn't the current version.
    """
    now = reads.page(name)
    if (now.number if now else reads.DRAFT) != after:
        raise Conflict(_changed_meanwhile())
    if now is not None and now.body == body:
        return None
    version = SitePage(
        page=name,
        number=after + 1,
        body=body,
        requires_agreement=requires_agreement and name == TERMS,
    )
    try:
        with db.session.begin_nested():
            db.session.add(version)
    except IntegrityError:
        raise Conflict(_changed_meanwhile()) from None
    if version.requires_agreement:
        by.terms_version = str(version.number)
    audit.record(
        "page.published",
        by=by,
        subject=version,
        page=name,
        number=version.number,
        requires_agreement=version.requires_agreement,
    )
    return version


def _changed_meanwhile() -> str:
    return _(
        "Someone else has changed this page in the meantime. Your text is still below. Publish it "
        "again to replace theirs."
    )


TITLES = {PRIVACY: _l("Privacy"), TERMS: _l("House rules"), IMPRINT: _l("Imprint")}
