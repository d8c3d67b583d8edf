"""For admins: how the queue and the outbox stand, and what is done about what failed."""

from typing import Any

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from ...core import queue
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import admins_only, me
from ...core.workload import Away, Workload
from ...mail import deadletters, standing
from .. import failures
from ..watching import words

bp = Blueprint("site_queue", __name__, url_prefix="/admin/queue")
_OF = "/<any(jobs, letters):pile>/<any(retrial, removal):what>"


@bp.get("")
@admins_only
def index() -> ResponseReturnValue:
    """Workers, jobs that wait and failed, schedules, and the outbox with the letters that could
    not be delivered.
    """
    letters: dict[str, Any] = {
        "states": standing.by_state(),
        "dead": deadletters.newest(),
        "ago": words.ago,
    }
    is_alone = not current_app.config["REDIS_URL"]
    return render_page(
        "queue/index.html", {"work": "queue/_work.html"}, load=_load(), is_alone=is_alone, **letters
    )


def _load() -> Workload | None:
    """None: Redis does not answer."""
    try:
        return queue.workload(current_app._get_current_object())  # type: ignore[attr-defined]
    except Away:
        return None


@bp.get(_OF)
@admins_only
def ask(pile: str, what: str) -> ResponseReturnValue:
    """What trying again, or discarding, means for the one that is named, or for all."""
    id = request.args.get("id", "")
    return render_page(
        f"queue/{pile}_{what}.html", pile=pile, what=what, id=id, name=failures.name_of(pile, id)
    )


@bp.post(_OF)
@admins_only
def act(pile: str, what: str) -> ResponseReturnValue:
    """It is tried again, or gone."""
    number = failures.act(pile, what, request.form.get("id", ""), by=me())
    db.session.commit()
    flash(_done(what, number))
    return see(url_for("site_queue.index"))


def _done(what: str, number: int) -> str:
    if not number:
        return _("There was nothing to do: somebody was faster.")
    if what == failures.RETRIAL:
        return ngettext("It is on its way again.", "%(num)d are on their way again.", number)
    return ngettext("It is discarded.", "%(num)d are discarded.", number)
