"""Admins close an account whose owner is leaving: it can't be restored, and is still erased."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from webapp.accounts import account_deletion, suspensions
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.moderation.models import LIFTED, SUSPENDED
from webapp.privacy import deletions

from .reporting import judged, reported


def test_an_account_can_be_closed_while_its_owner_is_leaving(
    ben, cem, dia, visitor, browser, emails
):
    ben.profile_visibility = "everyone"
    case = reported("person", ben, cem)
    account_deletion.leave(ben)
    db.session.commit()
    proof, until = account_deletion.restoration_proof(ben), ben.deletion_due_at

    page = browser(dia)
    page.get(f"/admin/reports/{case.id}")
    assert "asked for their account to be deleted" in page.text
    judged(case, SUSPENDED, dia)
    assert [email["Subject"] for email in emails() if email["To"] == ben.email] == [
        "Your account was closed"
    ]

    visitor.get("/sign-in")
    visitor.submit("/sign-in", name=ben.handle, password=factories.PASSWORD)
    assert "This account is closed." in visitor.text
    with pytest.raises(UserError):
        account_deletion.restore(ben, proof)
    with pytest.raises(UserError):
        account_deletion.restore(ben, account_deletion.restoration_proof(ben))
    assert ben.deletion_due_at == until
    assert not suspensions.may_suspend(ben, dia)

    judged(case, LIFTED, dia, rule=None)
    assert account_deletion.restore(ben, account_deletion.restoration_proof(ben)).is_active


def test_an_account_closed_while_leaving_is_still_erased(ben, cem, dia):
    ben.profile_visibility = "everyone"
    case = reported("person", ben, cem)
    account_deletion.leave(ben)
    db.session.commit()
    judged(case, SUSPENDED, dia)

    with time_machine.travel(clock.now() + account_deletion.GRACE + timedelta(minutes=1)):
        assert deletions.carry_out(ben.id)
    assert (ben.erased_at is None, ben.suspended_at) == (False, None)
