"""The number of addresses that an account may invite grows with its age."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from webapp.attendance import inviting as to_events
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.groups.models import MEMBER, ORGANIZER
from webapp.invitations import allowances, inviting
from webapp.invitations.inviting import Invited

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]


def addresses(number, domain="example.net"):
    return [f"p{one}@{domain}" for one in range(number)]


@pytest.mark.parametrize(
    ("days", "most"), [(0, 10), (0.9, 10), (1, 50), (6.9, 50), (7, 200), (30, 500), (900, 500)]
)
def test_the_allowance_grows_with_the_age_of_the_account(days, most):
    new = factories.user("Nia", verified_at=clock.now() - timedelta(days=days))

    assert allowances.most_a_day(new) == most


def test_an_admin_may_invite_as_many_as_an_old_account():
    assert allowances.most_a_day(factories.user("Nia", is_admin=True)) == allowances.MOST


def test_a_new_account_invites_ten_addresses_to_groups_and_events_together():
    new = factories.user("Nia", verified_at=clock.now())
    first, second = factories.group(new), factories.group(new)
    inviting.invite(first, new, Invited(addresses(4), MEMBER))
    inviting.invite(second, new, Invited(addresses(3), MEMBER))
    to_events.invite(factories.event(new), new, addresses(2))
    db.session.commit()

    with pytest.raises(UserError, match="You have 1 left for now.*grows with the age") as refused:
        to_events.invite(factories.event(new), new, addresses(2))
    assert refused.value.field == "addresses"
    with pytest.raises(UserError, match="You have 1 left for now"):
        inviting.invite(second, new, Invited(addresses(2, "example.com"), MEMBER))
    inviting.invite(second, new, Invited(addresses(1, "example.com"), MEMBER))
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        inviting.invite(second, new, Invited(addresses(50, "example.org"), MEMBER))


def test_each_organizer_has_an_allowance_of_their_own():
    new, old = factories.user("Nia", verified_at=clock.now()), factories.user("Ola")
    group = factories.group(new)
    factories.membership(group, old, ORGANIZER)
    inviting.invite(group, new, Invited(addresses(10), MEMBER))

    inviting.invite(group, old, Invited(addresses(60, "example.com"), MEMBER))


def test_the_page_says_so_at_the_field_and_keeps_the_list(browser):
    new = factories.user("Nia", verified_at=clock.now())
    group = factories.group(new)
    page = browser(new)
    page.get(f"{group.path}/manage/invitations/new")
    page.submit("/new", addresses=" ".join(addresses(11)), message="Do come")

    answer = page.submit("/invitations")

    assert answer.status_code == 422
    assert "You can invite up to 10 addresses a day." in page.text
    assert "p10@example.net" in page.page.find("textarea", {"name": "addresses"}).get_text()
