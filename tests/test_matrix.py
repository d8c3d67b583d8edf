"""Who gets in where: every route × every role, in an open group and in a secret one, held against this table.

A route that stands in no line fails the suite. y: let in; s: to the sign-in; f: seen but forbidden; n: not there.
"""

import pytest
import sqlalchemy as sa

from tests import stills, world
from tests.matrix import MATRIX
from tests.walking import Walk, fingerprints
from webapp.core.extensions import db
from webapp.core.files import files
from webapp.groups.models import Group

pytestmark = pytest.mark.any_database

EXPECTED = {route: line for line, listed in MATRIX for route in listed}
#: So many stretches of the table are walked by themselves, each by whichever process is free.
STRETCHES = [(method, number) for method, most in (("GET", 6), ("POST", 12)) for number in range(most)]
#: No group can make a difference here, so these are walked in the open one alone.
WITHOUT_A_GROUP = ("/account", "/admin", "/help/")


def routes(app) -> dict[str, tuple]:
    """Every rule of the map, by its method and address."""
    return {f"{method} {rule.rule}": (rule, method) for rule in world.rules(app) for method in rule.methods & {"GET", "POST"}}


def test_every_route_stands_in_the_matrix_once(app):
    assert sorted(routes(app)) == sorted(EXPECTED)
    assert len(EXPECTED) == sum(len(listed) for _line, listed in MATRIX)


@pytest.mark.long(10)
@pytest.mark.parametrize(("method", "number"), STRETCHES)
def test_everybody_gets_in_where_the_matrix_says(app, context, method, number):
    """And every answer carries its headers, is kept by nobody who may not keep it, and looking changes nothing."""
    known, stretches = routes(app), sum(one == method for one, _number in STRETCHES)
    stretch = [route for route in sorted(EXPECTED) if route.startswith(method)][number::stretches]
    for secret in (False, True):
        rules = {route: known[route][0] for route in stretch if not secret or can_lead_to_a_group(route)}
        walk, letters = walked(app, method, secret, rules)
        assert letters == {route: EXPECTED[route][secret] for route in rules}
        assert walk.weak == []
        assert walk.kept == []
        assert walk.changed == []


def can_lead_to_a_group(route: str) -> bool:
    """Whether an address like this may name something of a group."""
    address = route.split(" ")[1]
    return "<" in address and not address.startswith(WITHOUT_A_GROUP)


def test_routes_without_a_group_have_one_line_for_both_groups():
    assert [route for route, line in EXPECTED.items() if not can_lead_to_a_group(route) and line[0] != line[1]] == []


def walked(app, method, secret, rules) -> tuple[Walk, dict[str, str]]:
    """The walk through these routes, and the letters of each."""
    walk = Walk(app, method, secret)
    letters = {route: walk.letters(rule) for route, rule in rules.items()}
    walk.look_back()
    return walk, letters


def test_control_whoever_changes_something_by_looking_is_found_out(app, context, monkeypatch):
    rule = next(rule for rule in world.rules(app, "GET") if rule.endpoint == "groups.index")
    view = app.view_functions[rule.endpoint]

    def spoiled(**values):
        db.session.execute(sa.update(Group).values(summary="Other"))
        db.session.commit()
        return view(**values)

    walk = Walk(app, "GET", secret=False)
    walk.letters(rule)
    assert not walk.changed
    monkeypatch.setitem(app.view_functions, rule.endpoint, spoiled)
    walk.letters(rule)
    assert [tables for _who, tables in walk.changed] == [{"group"}]


def test_what_one_does_the_next_finds_undone(app, context):
    """The world is brought back whole: otherwise a letter of the matrix would speak of what the role before has left."""
    here = stills.world_of(app, secret=False)
    before = fingerprints()
    here.browser(app, "owner").post(f"/events/{here.event.slug}/copy")
    db.session.rollback()
    assert {name for name, said in fingerprints().items() if said != before[name]} >= {"event", "event_question"}

    stills.world_of(app, secret=False)
    assert {name for name, said in fingerprints().items() if said != before[name]} <= {"sign_in"}  # when it was last used


def test_a_file_that_was_swept_up_meanwhile_is_there_again(app, context):
    stills.world_of(app, secret=False)
    held = files().names()
    files().delete(*held)

    stills.world_of(app, secret=False)
    assert held
    assert set(files().names()) <= set(held)
    assert files().names()
