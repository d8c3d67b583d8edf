"""Who gets in where: every route × every role, in an open group and in a secret one, held against this table.

A route that stands in no line fails the suite. y: let in; s: to the sign-in; f: seen but forbidden; n: not there.
"""

import pytest

from tests import stills, world
from tests.matrix import MATRIX
from tests.test_walks import fingerprints
from tests.walking import outcome
from webapp.core.extensions import db
from webapp.core.files import files

pytestmark = pytest.mark.any_database

EXPECTED = {route: line for line, listed in MATRIX for route in listed}


def routes(app) -> dict[str, tuple]:
    """Every rule of the map, by its method and address."""
    return {f"{method} {rule.rule}": (rule, method) for rule in world.rules(app) for method in rule.methods & {"GET", "POST"}}


def test_every_route_stands_in_the_matrix_once(app):
    assert sorted(routes(app)) == sorted(EXPECTED)
    assert len(EXPECTED) == sum(len(listed) for _line, listed in MATRIX)


@pytest.mark.parametrize("route", sorted(EXPECTED))
def test_everybody_gets_in_where_the_matrix_says(app, context, route):
    rule, method = routes(app)[route]

    assert (" ".join(outcome(app, rule, method, secret=False)), " ".join(outcome(app, rule, method, secret=True))) == EXPECTED[
        route
    ]


def test_what_one_does_the_next_finds_undone(app, context):
    """The world is brought back whole: otherwise a letter of the matrix would speak of what the role before has left."""
    here = stills.world_of(app, secret=False)
    before = fingerprints()
    here.browser(app, "owner").post(f"/events/{here.event.slug}/copy")
    db.session.rollback()
    assert {name for name, said in fingerprints().items() if said != before[name]} >= {"event", "event_question"}

    stills.world_of(app, secret=False)
    assert fingerprints() == before


def test_a_file_that_was_swept_up_meanwhile_is_there_again(app, context):
    stills.world_of(app, secret=False)
    held = files().names()
    files().delete(*held)

    stills.world_of(app, secret=False)
    assert held
    assert set(files().names()) <= set(held)
    assert files().names()
