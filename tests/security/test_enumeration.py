"""No form reveals whether an email address is known: neither by its response nor by its work.

Work is compared by statements and calls rather than milliseconds: if both are equal, so is the
time.
"""

import re
import sys
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from tests import factories
from tests.attendance import checking_in
from tests.mail.deciding import decide
from webapp.accounts import passwords, reads as account_reads, verifications
from webapp.accounts.forms import SignInForm
from webapp.core.db.base import new_id
from webapp.core.extensions import db
from webapp.core.http import tokens
from webapp.core.http.forms import Form
from webapp.core.time import clock
from webapp.events.models import Event
from webapp.groups.models import MEMBER, Ban
from webapp.invitations import access as invitation_access, invite_links, inviting, opt_outs
from webapp.mail import outbox
from webapp.notifications.notification_types import NOTIFICATION_TYPES

pytestmark = pytest.mark.any_database

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WEBAPP = str(Path(__file__).parents[2] / "webapp")
numbers = count(100)


class Work:
    """The work in a block: the statements sent, and how often each of our functions was called."""

    def __enter__(self):
        self.statements, self.calls = [], Counter()
        sa.event.listen(sa.Engine, "before_cursor_execute", self._sent)
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_error):
        sys.setprofile(None)
        sa.event.remove(sa.Engine, "before_cursor_execute", self._sent)

    def _sent(self, _connection, _cursor, statement, *_more):
        self.statements.append(statement)

    def _called(self, frame, what, _argument):
        # Not counted: comprehensions, which depend on the length of a word or on a sweep once a
        # minute; `_leave`, because it is chance whether a hashing thread is done before someone
        # asks; and `_uuid_of`, because SQLAlchemy's own parsing of ids isn't counted either.
        is_function = not frame.f_code.co_name.startswith(("<", "_leave", "_uuid_of"))
        if what == "call" and is_function and frame.f_code.co_filename.startswith(WEBAPP):
            self.calls[
                f"{frame.f_code.co_filename.removeprefix(WEBAPP)}:{frame.f_code.co_qualname}"
            ] += 1


def account(**values):
    return factories.user("Noor", f"No{next(numbers)}", **values).email


ADDRESSES = {
    "unknown": lambda: f"noor-no{next(numbers)}@example.org",
    "known": account,
    "unverified": lambda: account(verified_at=None),
    "unapproved": lambda: account(approved_at=None),
    "deactivated": lambda: account(deactivated_at=clock.now()),
    "leaving": lambda: account(
        deactivated_at=clock.now(), deletion_due_at=clock.now() + timedelta(days=9)
    ),
}


PASSWORD = "violet Kayak 9 lantern"


def forgotten(_place, email):
    return "/password/forgotten", {"email": email}


def sign_up(_place, email, at=""):
    number = next(numbers)
    names = {
        "first_name": "Gil",
        "last_name": f"No{number}",
        "handle": f"gil-{number}",
        "affirmed": "y",
    }
    return f"{at}/sign-up", {
        **names,
        "email": email,
        "password": PASSWORD,
        "password_again": PASSWORD,
    }


def sign_up_by_link(place, email):
    return sign_up(
        place,
        email,
        at=invitation_access.path(invite_links.make_link(place.group, place.ana, MEMBER)),
    )


def sign_up_by_email(place, email):
    return sign_up(
        place,
        email,
        at=invitation_access.path(invited(place, f"asked-no{next(numbers)}@example.org")),
    )


def sign_in(_place, email):
    return "/sign-in", {"name": email, "password": "wrong"}


def another_address(_place, email):
    return "/account/email", {"email": email}


def guest(place, email):
    return f"{place.event}/guest", {"name": "Gil", "email": email}


def guest_link(place, email):
    return f"{place.event}/guest/link", {"email": email}


def list_invited(place, email):
    return f"{place.group.path}/manage/invitations/new", {"addresses": email, "role": MEMBER}


def invite(place, email):
    return f"{place.group.path}/manage/invitations", {"addresses": email, "role": MEMBER}


def remind(place, email):
    return f"{place.group.path}/manage/invitations/{invited(place, email, sent=2).id}/reminder", {}


def invite_to_event(place, email):
    return f"{place.event}/manage/invitations", {"addresses": email}


def report(place, email):
    return f"/reports/event/{place.event_id}", {"rule": "spam", "email": email}


def invited(place, email, sent=0):
    """Let the group have invited this address, so many days ago."""
    inviting.invite(place.group, place.ana, inviting.Invited([email], MEMBER))
    row = inviting.recently_emailed(place.group, [email])[email]
    row.sent_at = clock.now() - timedelta(days=sent)
    decide()
    return row


INVITING = [list_invited, invite, remind, invite_to_event]
FORMS = [
    forgotten,
    sign_up,
    sign_up_by_link,
    sign_up_by_email,
    sign_in,
    another_address,
    guest,
    guest_link,
    report,
    *INVITING,
]
ANSWERS = {sign_in: 422, list_invited: 200}


@pytest.fixture
def place(context, ana):
    """An event, and a group that invites people."""
    event = factories.event(ana)
    return SimpleNamespace(ana=ana, event=event.path, event_id=event.id, group=factories.group(ana))


@pytest.fixture
def work_of(app, browser, place):
    """A function that returns the work of a form for the address, and its response."""

    def done(form, email):
        path, fields = form(place, email)
        db.session.commit()
        who = place.ana if form in INVITING else None
        page = browser(
            factories.user("Mai", f"No{next(numbers)}") if form is another_address else who
        )
        token = page.csrf_token()
        db.session.rollback()
        app.extensions["limits"].reset()
        with Work() as work:
            answer = page.post(path, {**fields, "csrf_token": token})
        leads_to = re.sub(UUID, "id", answer.headers.get("Location", ""))
        return answer.status_code, leads_to, work.statements, work.calls

    return done


#: The forms with a field for an address, each with the cases that test it.
TYPED_INTO = {
    "AddressList": INVITING,
    "AddressesToSend": INVITING,
    "EmailForm": [another_address],
    "ForgottenForm": [forgotten],
    "GuestForm": [guest],
    "GuestLinkForm": [guest_link],
    "ListForm": INVITING,
    "ReportForm": [report],
    "SendForm": INVITING,
    "SignInForm": [sign_in],
    "SignUpForm": [sign_up, sign_up_by_link, sign_up_by_email],
}


def forms_of_the_application(form=Form):
    """Return every form class of the application."""
    for one in form.__subclasses__():
        yield one
        yield from forms_of_the_application(one)


def test_every_form_with_an_email_field_is_tested(app):
    asks = {
        one.__name__
        for one in forms_of_the_application()
        if any(name in ("email", "addresses") for name in dir(one)) or one is SignInForm
    }

    assert asks == set(TYPED_INTO)
    assert all(set(tried) <= set(FORMS) for tried in TYPED_INTO.values())


@pytest.mark.parametrize("form", FORMS)
def test_a_form_responds_and_works_the_same_for_every_address(work_of, form):
    for kind in ("unknown", "known"):  # what is requested once is cached
        work_of(form, ADDRESSES[kind]())

    unknown = work_of(form, ADDRESSES["unknown"]())

    assert unknown[0] == ANSWERS.get(form, 303)
    for kind, make in ADDRESSES.items():
        assert work_of(form, make()) == unknown, kind


@pytest.mark.parametrize("form", [guest, guest_link])
def test_guest_forms_do_not_reveal_an_events_guests(work_of, place, form):
    found = db.session.scalar(sa.select(Event).where(Event.slug == place.event.rpartition("/")[2]))
    guests = [checking_in.asked(found, email=f"noor-no{next(numbers)}@example.org").email]
    guests += [checking_in.guest(found, email=f"noor-no{next(numbers)}@example.org").email]
    for _ in range(2):
        unknown = work_of(form, ADDRESSES["unknown"]())

    for email in guests:
        assert work_of(form, email) == unknown


@pytest.mark.parametrize("form", [invite, remind])
def test_inviting_does_not_reveal_members_bans_or_opt_outs(work_of, place, form):
    for _ in range(2):
        unknown = work_of(form, ADDRESSES["unknown"]())
    people = {
        kind: factories.user("Noor", f"No{next(numbers)}")
        for kind in ("member", "banned", "refuses")
    }
    factories.membership(place.group, people["member"])
    db.session.add(Ban(group_id=place.group.id, user_id=people["banned"].id))
    opt_outs.opt_out(opt_outs.hash_of(people["refuses"].email))
    db.session.commit()

    for kind, person in people.items():
        assert work_of(form, person.email) == unknown, kind


def test_a_sign_up_by_a_used_up_invitation_is_refused_alike_for_all(work_of, place):
    link = invite_links.make_link(place.group, place.ana, MEMBER, most=1)

    def once_more(place, email):
        return sign_up(place, email, at=invitation_access.path(link))

    assert [work_of(once_more, ADDRESSES["unknown"]())[0] for _ in range(2)] == [303, 409]
    unknown = work_of(once_more, ADDRESSES["unknown"]())
    for kind, make in ADDRESSES.items():
        assert work_of(once_more, make()) == unknown, kind


#: An existing row is read. The ids of accounts are random and not secret; what nobody learns are
#: their addresses.
READ = "/core/db/base.py:UtcDateTime.process_result_value"


def accounts():
    """The ids of accounts of each kind, and one that doesn't exist."""
    people = {
        kind: account_reads.by_email(make())
        for kind, make in ADDRESSES.items()
        if kind != "unknown"
    }
    return {"nobody": new_id(), **{kind: person.id for kind, person in people.items()}}


def confirmation(_place, account):
    return "/verification", {
        "account": str(account),
        "proof": tokens.derive("accounts-resend", account, "another"),
    }


def unsubscription(_place, account):
    [kind, *_] = [kind for kind in NOTIFICATION_TYPES.values() if kind.without_email is not None]
    token = tokens.derive(f"unsubscription {kind.name}", account, "noor@example.net")
    return f"/unsubscription/{account}/{kind.name}/{token}", {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize("form", [confirmation, unsubscription])
def test_an_invalid_resend_proof_works_the_same_for_every_account(work_of, context, form):
    def found(account_id):
        answered, location, statements, calls = work_of(form, account_id)
        del calls[READ]
        return answered, location, statements, calls

    for _ in range(2):
        wanted = found(new_id())

    for kind, account_id in accounts().items():
        assert found(account_id) == wanted, kind


def test_a_valid_resend_proof_sends_the_confirmation_again(work_of, context):
    """Control: the proof's content does matter."""
    person = factories.user("Noor", f"No{next(numbers)}", verified_at=None)
    right = {"account": str(person.id), "proof": verifications.resend_proof(person)}

    done = work_of(lambda _place, _account: ("/verification", right), person.id)

    assert done[:2] == work_of(confirmation, new_id())[:2]
    assert any("outgoing_email" in statement for statement in done[2])


def test_control_a_form_that_checks_the_account_first_is_noticed(work_of, monkeypatch):
    """As in an earlier version: an email is queued only if an account has the address."""

    def ask(email, came_for=""):
        if account_reads.by_email(email) is not None:
            outbox.enqueue_email("accounts/forgotten", to=email)

    monkeypatch.setattr(passwords, "request_reset", ask)
    work_of(forgotten, ADDRESSES["known"]())

    assert (
        work_of(forgotten, ADDRESSES["known"]())[2:]
        != work_of(forgotten, ADDRESSES["unknown"]())[2:]
    )
