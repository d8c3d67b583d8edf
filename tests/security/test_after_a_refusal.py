"""A rule refuses: the page that shows the form again goes through the route's door again. Every
route that changes something, with its rule refusing.
"""

from types import FunctionType

import pytest
from flask import current_app, request
from werkzeug.exceptions import Forbidden, NotFound

from tests import sample_site, snapshots
from tests.test_permission_tables import asked, opener_of, roles_with
from webapp.core.extensions import db
from webapp.core.http import submit
from webapp.core.http.errors import UserError
from webapp.core.http.permissions import TABLES, loaded_again

pytestmark = pytest.mark.any_database

#: The routes are asked in so many tests, each by whichever process is free.
STRETCHES = 4
#: Moderators of the group come in by its table as well.
TWO_TABLES = ("event:moderate",)


class Refusals:
    """Every form is accepted, and every rule refuses it. `still_open`: the routes whose door is
    open to people who lost the right meanwhile.
    """

    def __init__(self, site, monkeypatch):
        self.site, self.monkeypatch = site, monkeypatch
        self.refused, self.still_open = [], []

    def refuse(self):
        self.refused.append(request.endpoint)
        raise UserError("Not like this.")

    def lose_the_right(self):
        _load, action = opener_of(current_app, request.url_rule)
        if not action or action in TWO_TABLES:
            return
        with self.monkeypatch.context() as emptied:
            emptied.setitem(TABLES[action.partition(":")[0]].actions, action, frozenset())
            try:
                loaded_again()
            except (Forbidden, NotFound):
                return
        self.still_open.append(request.endpoint)


def always_refused(form, action, again, to, flash=""):
    """Take the place of `submitted` in its module, where these names are."""
    answer = as_it_was(None, refuse, again, to, flash)  # noqa: F821
    lose_the_right()  # noqa: F821
    return answer


@pytest.fixture
def refusals(app, context, monkeypatch):
    """Let `submitted` carry out a rule that refuses. Nothing is stored meanwhile."""
    made, real = (
        Refusals(snapshots.sample_site_of(app, secret=False), monkeypatch),
        submit.submitted,
    )
    as_it_was = FunctionType(real.__code__, real.__globals__, argdefs=real.__defaults__)
    names = {
        "as_it_was": as_it_was,
        "refuse": made.refuse,
        "lose_the_right": made.lose_the_right,
    }
    for name, value in names.items():
        monkeypatch.setattr(submit, name, value, raising=False)
    monkeypatch.setattr(real, "__code__", always_refused.__code__)
    monkeypatch.setattr(db.session, "commit", db.session.rollback)
    return made


def changing(app, stretch):
    """Return every n-th route with a door by which something changes, and who may use it."""
    rules = [rule for rule in sample_site.rules(app) if "POST" in rule.methods]
    to_open = [rule for rule in rules if hasattr(app.view_functions[rule.endpoint], "opener")]
    found = [(rule, roles_with(rule, "y")) for rule in sorted(to_open, key=str)]
    return [(rule, roles[-1]) for rule, roles in found if roles][stretch::STRETCHES]


@pytest.mark.parametrize("stretch", range(STRETCHES))
def test_after_a_refusal_the_door_is_opened_again(app, refusals, stretch):
    """It shows the form's page, and refuses people who lost the right meanwhile."""
    wrong = []
    for rule, role in changing(app, stretch):
        answer = asked(app, refusals.site, rule, role)
        if rule.endpoint in refusals.refused and answer != "y":
            wrong.append((str(rule), role, answer))

    assert wrong == []
    assert refusals.still_open == []
    assert len(refusals.refused) >= 15
