"""Who may do what: every route × every role, in an open group and in a secret one, compared with
this table.

A route that isn't in the table fails the suite. y: allowed; s: redirected to the sign-in; f:
forbidden; n: not found.
"""

import pytest
import sqlalchemy as sa

from tests import sample_site, snapshots
from tests.matrix import MATRIX
from tests.route_walker import Walk, fingerprints
from webapp.core.extensions import db
from webapp.core.storage.files import files
from webapp.groups.models import Group

pytestmark = pytest.mark.any_database

EXPECTED = {route: line for line, listed in MATRIX for route in listed}
#: Sections of the table that are tested separately, each by whichever process is free.
STRETCHES = [
    (method, number) for method, most in (("GET", 6), ("POST", 12)) for number in range(most)
]
#: A group makes no difference to these URLs, so they are requested in the open one only.
WITHOUT_A_GROUP = ("/account", "/admin", "/help/")
#: Must not learn that a secret group exists.
OUTSIDE = {"visitor", "stranger"}


def routes(app) -> dict[str, tuple]:
    """Return all rules of the map, by method and path."""
    return {
        f"{method} {rule.rule}": (rule, method)
        for rule in sample_site.rules(app)
        for method in rule.methods & {"GET", "POST"}
    }


def test_every_route_is_in_the_matrix_once(app):
    assert {*routes(app)} ^ {*EXPECTED} == set()
    assert len(EXPECTED) == sum(len(listed) for _line, listed in MATRIX)


@pytest.mark.long(10)
@pytest.mark.parametrize(("method", "number"), STRETCHES)
def test_access_matches_the_matrix(app, context, method, number):
    """Also check every response's headers and caching, and that GETs change nothing.
    In the secret group, only people outside it are tested, and those for whom its secrecy makes a
    difference; the others are tested in deep runs.
    """
    stretch = stretch_of(method, number)
    check(Walk(app, method, secret=False), routes(app), dict.fromkeys(stretch, sample_site.ROLES))
    of_groups = filter(can_lead_to_a_group, stretch)
    check(Walk(app, method, secret=True), routes(app), {one: concerned(one) for one in of_groups})


@pytest.mark.deep
@pytest.mark.parametrize(("method", "number"), STRETCHES)
def test_access_to_secret_groups_matches_the_matrix(app, context, method, number):
    of_groups = filter(can_lead_to_a_group, stretch_of(method, number))
    check(Walk(app, method, secret=True), routes(app), dict.fromkeys(of_groups, sample_site.ROLES))


def stretch_of(method: str, number: int) -> list[str]:
    """Return every n-th route of this method, beginning with this one."""
    stretches = sum(one == method for one, _number in STRETCHES)
    return [route for route in sorted(EXPECTED) if route.startswith(method)][number::stretches]


def concerned(route: str) -> list[str]:
    """Return the roles outside the group, and those for whom its secrecy makes a difference."""
    letters = zip(sample_site.ROLES, *(line.split() for line in EXPECTED[route]), strict=True)
    return [role for role, open_, secret in letters if role in OUTSIDE or open_ != secret]


def check(walk, known, asked) -> None:
    """Check that the routes answer these roles as the table says."""
    assert asked
    letters = {route: walk.letters(known[route][0], roles) for route, roles in asked.items()}
    walk.look_back()
    assert letters == {route: expected(route, walk.secret, of) for route, of in asked.items()}
    assert walk.weak == []
    assert walk.kept == []
    assert walk.changed == []


def expected(route: str, secret: bool, roles) -> str:
    """Return the table's letters for these roles."""
    letters = dict(zip(sample_site.ROLES, EXPECTED[route][secret].split(), strict=True))
    return " ".join(letters[role] for role in roles)


def can_lead_to_a_group(route: str) -> bool:
    """Whether a path like this can name something of a group."""
    address = route.split(" ")[1]
    return "<" in address and not address.startswith(WITHOUT_A_GROUP)


def test_routes_without_a_group_have_the_same_access_for_both_groups():
    assert [
        route
        for route, line in EXPECTED.items()
        if not can_lead_to_a_group(route) and line[0] != line[1]
    ] == []


def test_control_a_get_request_that_changes_something_is_noticed(app, context, monkeypatch):
    rule = next(rule for rule in sample_site.rules(app, "GET") if rule.endpoint == "groups.index")
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


def test_each_role_starts_with_a_restored_world(app, context):
    """The site is restored completely: otherwise a letter of the matrix would depend on what the
    previous role left.
    """
    here = snapshots.sample_site_of(app, secret=False)
    before = fingerprints()
    here.browser(app, "owner").post(f"/events/{here.event.slug}/copy")
    db.session.rollback()
    assert {name for name, said in fingerprints().items() if said != before[name]} >= {
        "event",
        "event_question",
    }

    snapshots.sample_site_of(app, secret=False)
    assert {name for name, said in fingerprints().items() if said != before[name]} <= {
        "sign_in"
    }  # when it was last used


def test_restoring_the_world_restores_deleted_files(app, context):
    snapshots.sample_site_of(app, secret=False)
    held = files().names()
    files().delete(*held)

    snapshots.sample_site_of(app, secret=False)
    assert held
    assert set(files().names()) <= set(held)
    assert files().names()
