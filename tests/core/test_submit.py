"""A submitted form or button takes effect and redirects, or comes back with the reason."""

import pytest
import sqlalchemy as sa
from flask import get_flashed_messages
from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import InputRequired

from tests import factories
from tests.browser_like import values_of
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.http.forms import Form
from webapp.core.http.submit import refused_at, submitted
from webapp.groups import questions
from webapp.groups.models import Group, JoinQuestion

pytestmark = pytest.mark.any_database


class Named(Form):
    """A form with one field."""

    name = StringField("Name", [InputRequired("Enter a name.")])


@pytest.fixture
def sent(app):
    """A request that sends this form."""

    def send(**fields):
        return app.test_request_context(method="POST", data=fields)

    return send


def form_of_one() -> Named:
    return Named(meta={"csrf": False})


def test_an_invalid_form_changes_nothing_and_shows_its_first_error(sent):
    done = []
    with sent():
        refused = submitted(form_of_one(), lambda: done.append(1), again=lambda it: it, to="/next")

    assert (refused.status, refused.message, done) == (422, "Enter a name.", [])


def test_a_refused_form_shows_the_error_at_its_field_and_changes_nothing(sent, ana):
    group = factories.group(ana)
    name = group.name
    with sent(name="Leith"):
        form = form_of_one()

        def rename() -> None:
            group.name = form.name.data
            db.session.flush()
            raise Conflict("Someone else has this name.", "name")

        answer = submitted(form, rename, again=lambda it: (group.name, it.status), to="/next")

    assert answer == (name, 409)
    assert form.name.errors == ["Someone else has this name."]


def test_the_redirect_and_message_are_built_before_the_commit(sent, ana):
    group = factories.group(ana)
    order = []

    def note(word, *_args) -> str:
        order.append(word)
        return f"/{word}"

    sa.event.listen(db.session, "after_commit", lambda _session: note("commit"), once=True)
    with sent():
        group.name = "Leith Garden"
        answer = submitted(
            None,
            lambda: group,
            again=refused_at("/"),
            to=lambda _it: note("to"),
            flash=lambda it: note("flash") and it.name,
        )
        assert get_flashed_messages() == ["Leith Garden"]

    assert (answer.status_code, answer.headers["Location"]) == (303, "/to")
    assert order == ["to", "flash", "commit"]


def test_a_lazily_translated_message_is_plain_text(sent):
    with sent():
        submitted(None, lambda: None, again=refused_at("/"), to="/", flash=lazy_gettext("<b>"))
        (said,) = get_flashed_messages()

    assert type(said) is str


def test_a_refused_button_redirects_to_a_page_with_the_reason(sent):
    def refuse() -> None:
        raise UserError("The event was cancelled.")

    with sent():
        answer = submitted(None, refuse, again=refused_at("/there"), to="/next", flash="Done.")
        said = get_flashed_messages(with_categories=True)

    assert answer.headers["Location"] == "/there"
    assert said == [("no", "The event was cancelled.")]


def test_a_form_for_something_deleted_meanwhile_gets_404(browser, ana, monkeypatch):
    group = factories.group(ana)
    tab = browser(ana)
    tab.post(
        f"/groups/{group.slug}/manage/questions",
        {**values_of_the_form(tab, f"/groups/{group.slug}/manage/questions"), "text": "Why?"},
    )
    question = db.session.scalar(sa.select(JoinQuestion).join(Group))

    def gone(*_args, **_values) -> None:
        deletion = sa.delete(JoinQuestion)  # as another process would
        db.session.execute(deletion, execution_options={"synchronize_session": False})
        db.session.commit()
        raise Conflict("Someone has removed this question.")

    monkeypatch.setattr(questions, "change", gone)
    path = f"/groups/{group.slug}/manage/questions/{question.id}"

    assert tab.post(path, values_of_the_form(tab, path)).status_code == 404


def values_of_the_form(tab, path: str) -> dict:
    tab.get(path)
    return values_of(next(it for it in tab.page.find_all("form") if it.get("action") == path))
