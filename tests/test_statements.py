"""How many statements frequently opened pages send: an exact number, the same for one row as for
many.
"""

import pytest

from tests import factories
from tests.voting import making
from webapp.attendance import rsvps
from webapp.core.extensions import db

pytestmark = pytest.mark.usefixtures("context")

#: For people who are signed in.
MOST = {
    "/": 5,
    "/events": 4,
    "/events?words=swap": 5,
    "/events?when=past": 4,
    "/events/one": 4,
    "/inbox": 2,
    "/votes": 5,
    "/groups": 4,
    "/groups/weir": 8,
}


def _fill(group, people, number):
    """Add `number` more of everything that these pages list."""
    for _ in range(number):
        event = factories.event(
            people[0], group, title=f"Swap {factories.user().id}", slug=f"s-{factories.user().id}"
        )
        rsvps.answer(event, by=people[1])
        factories.membership(group, factories.user())
        making.vote(group, people[0])
    db.session.commit()


@pytest.mark.parametrize(("path", "most"), MOST.items())
def test_a_page_takes_a_fixed_number_of_statements(ana, ben, browser, statements_of, path, most):
    group = factories.group(ana, ben, name="Weir", slug="weir")
    event = factories.event(ana, group, title="One", slug="one", capacity=2)
    rsvps.answer(event, by=ana)
    _fill(group, [ana, ben], 1)
    page = browser(ben)
    page.get(path)
    few = statements_of(lambda: page.get(path))

    for person in (ben, factories.user(), factories.user()):
        rsvps.answer(event, by=person)
    _fill(group, [ana, ben], 3)

    assert statements_of(lambda: page.get(path)) == few == most


@pytest.mark.parametrize("waiting", [1, 3])
def test_a_longer_waiting_list_takes_no_extra_statement(ana, ben, browser, statements_of, waiting):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, capacity=1)
    for _ in range(1 + waiting):
        rsvps.answer(event, by=factories.user())
    db.session.commit()
    page = browser(ana)
    page.get(event.path)

    assert statements_of(lambda: page.get(event.path)) == 4


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 2), ("/events", 2), ("/events/one", 2), ("/groups", 3), ("/groups/weir", 4)],
)
def test_a_visitors_first_view_takes_few_statements_and_later_ones_one(
    ana, visitor, statements_of, undisturbed, path, most
):
    group = factories.group(ana, name="Weir", slug="weir")
    factories.event(ana, group, title="One", slug="one")

    def looks():
        return [statements_of(lambda: visitor.get(path)) for _ in range(2)]

    assert undisturbed(looks) == [most, 0], (
        "the question what has been committed is no statement of a session"
    )
