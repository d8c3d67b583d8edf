"""Several people request and confirm the same email address at once."""

import sqlalchemy as sa

from tests import factories
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts import email_addresses, emailed_links, sign_ups
from webapp.accounts.models import EmailedLink, User
from webapp.core.extensions import db

from .test_email_addresses import NEW


def links_to(email, *people):
    made = [
        emailed_links.current_or_new(person, emailed_links.CHANGE, email).id for person in people
    ]
    db.session.commit()
    return made


def test_one_of_ten_accounts_confirming_the_same_address_gets_it(app, context):
    people = [factories.user("Race", f"No{number}") for number in range(10)]
    rows = links_to("shared@example.org", *people)

    found = at_once(
        app, [lambda id=id: email_addresses.change(db.session.get(EmailedLink, id)) for id in rows]
    )

    assert found == ["done"] + ["refused"] * 9
    db.session.rollback()
    assert (
        db.session.scalar(
            sa.select(sa.func.count(User.id)).where(User.email == "shared@example.org")
        )
        == 1
    )


def test_one_of_ten_parallel_uses_of_a_link_counts(app, context, ana):
    (row,) = links_to(NEW, ana)

    found = at_once(app, [lambda: email_addresses.change(db.session.get(EmailedLink, row))] * 10)

    assert found == ["done"] + ["refused"] * 9


def test_control_with_a_plain_assignment_the_losers_get_a_database_error(app, context, monkeypatch):
    people = [factories.user("Race", f"No{number}") for number in range(3)]
    rows = links_to("shared@example.org", *people)
    monkeypatch.setattr(email_addresses, "_take", lambda user, email: setattr(user, "email", email))

    found = at_once(
        app, [lambda id=id: email_addresses.change(db.session.get(EmailedLink, id)) for id in rows]
    )

    assert found == ["IntegrityError"] * 2 + ["done"]


def test_a_parallel_sign_up_with_the_address_is_answered(app, context, ana, emails):
    (row,) = links_to(NEW, ana)
    newcomer = sign_ups.NewAccount("Nadia", "Haddad", NEW, factories.password_hash())

    found = at_once(
        app,
        [
            lambda: email_addresses.change(db.session.get(EmailedLink, row)),
            lambda: sign_ups.sign_up(newcomer, approved=True),
        ],
    )

    assert found in (["done", "done"], ["done", "refused"])
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(User.id)).where(User.email == NEW)) == 1


def two_asks(app, user_id, **how):
    """Let both request another address at once; return the number of waiting changes, and the
    outcomes.
    """
    db.session.remove()
    ask = lambda email: email_addresses.ask(db.session.get(User, user_id), email)  # noqa: E731
    outcome = at_once(app, [lambda: ask("one@example.org"), lambda: ask("two@example.org")], **how)
    open_ones = EmailedLink.used_at.is_(None), EmailedLink.purpose == emailed_links.CHANGE
    return outcome, db.session.scalar(sa.select(sa.func.count(EmailedLink.id)).where(*open_ones))


def test_two_parallel_requests_leave_one_pending_change(app, ana, monkeypatch):
    monkeypatch.setattr(emailed_links, "newest", waiting_for_each_other(emailed_links.newest))

    assert two_asks(app, ana.id) == (["done", "done"], 1)


def test_control_without_the_lock_two_changes_are_pending_or_one_fails(app, ana, monkeypatch):
    monkeypatch.setattr(emailed_links, "newest", waiting_for_each_other(emailed_links.newest))
    monkeypatch.setattr(email_addresses, "locked", lambda model, id: db.session.get(model, id))

    assert two_asks(app, ana.id, unlocked=True) != (["done", "done"], 1)
