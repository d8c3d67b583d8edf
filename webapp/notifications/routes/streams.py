"""The stream that a browser's pages share."""

from collections.abc import Iterable
from functools import partial

from flask import Blueprint, Flask, Response, current_app, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...accounts import loader
from ...accounts.models import Visitor
from ...core import live
from ...core.db.engine import reading
from ...core.http import client_address
from ...core.http.errors import SIGN_IN
from ...core.http.permissions import public
from ...core.live.subscription import Subscription, events, signed_out_event
from .. import inbox

bp = Blueprint("streams", __name__)

#: Seconds added to a page's age: the browser counts from its request of the page, we count from its
#: request of the stream.
MARGIN = 3
#: Seconds after which a browser may try again if all places are taken.
RETRY_AFTER = 20


@bp.get("/live")
@public
def show() -> ResponseReturnValue:
    """Stream the signals of the topics ?t=, starting ?age= milliseconds ago."""
    topics_requested = request.args.getlist("t")
    is_another = inbox.asks_for_another(current_user, topics_requested)
    loader.skip_last_seen()
    if is_another:
        return _streamed(signed_out_event())
    topics = frozenset(live.allowed(current_user, topics_requested))
    if not topics:
        return "", 204
    try:
        subscription = _open(topics)
    except live.HubFull:
        answer = Response("Every place is taken.\n", 503, mimetype="text/plain")
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    look = partial(
        _look, app, session.get(SIGN_IN) if current_user.is_authenticated else None, subscription
    )
    answer = _streamed(events(subscription, look, app.config["LIVE_RECHECK_SECONDS"]))
    answer.call_on_close(partial(live.hub().close, subscription))
    return answer


def _open(topics: frozenset[str]) -> Subscription:
    person = current_user.id
    owner = f"user:{person}" if person else f"address:{client_address.counted()}"
    age = request.args.get("age", type=int)
    # before the subscription takes its place
    places = live.presence_topics(topics) if person else ()
    subscription = live.hub().open(
        topics,
        owner,
        rights=live.rights_of(person) if person else None,
        age=None if age is None else min(max(0, age), 86_400_000) / 1000 + MARGIN,
        connection=request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket"),
    )
    if person:
        subscription.set_places(str(person), places, current_user.shows_presence)
    return subscription


def _look(app: Flask, secret: str | None, subscription: Subscription) -> frozenset[str] | None:
    """Check the stream's rights in a context of its own: between checks it holds no database
    connection.
    """
    token = reading.set(True)
    try:
        with app.app_context():
            if secret is None:
                return frozenset(live.allowed(Visitor(), subscription.topics))
            return inbox.allowed_topics(secret, app.config, subscription)
    finally:
        reading.reset(token)


def _streamed(events: Iterable[str]) -> Response:
    answer = Response(events, mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
