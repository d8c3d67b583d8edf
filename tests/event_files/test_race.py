"""Parallel uploads share the remaining space, each lock with its control."""

import pytest

from tests import factories
from tests.core.test_attachments import PDF
from tests.events.racing import at_once
from tests.groups.racing import SURELY, waiting_for_each_other
from webapp.accounts.models import User
from webapp.attendance import rsvps
from webapp.core.db.session import locked
from webapp.core.extensions import db
from webapp.event_files import uploads
from webapp.event_files.models import BY_PEOPLE, EventFile
from webapp.event_files.uploads import UploadAllowance
from webapp.events.models import Event

pytestmark = pytest.mark.usefixtures("context")
#: Space for one of two files: at the event, or in one person's allowance.
ROOM = {Event: UploadAllowance(len(PDF) + 5, 10_000), User: UploadAllowance(10_000, len(PDF) + 5)}


@pytest.fixture
def bring(app, ana, ben, monkeypatch):
    """A function that uploads two files, both checked before either is written where locks allow
    it; it returns how many were saved.
    """

    def bring(whose, patience=0.5):

        monkeypatch.setattr(
            uploads, "room_for", waiting_for_each_other(uploads.room_for, patience=patience)
        )
        here = factories.event(ana, file_uploaders=BY_PEOPLE)
        elsewhere = factories.event(ana, file_uploaders=BY_PEOPLE)
        rsvps.answer(here, by=ben)
        db.session.commit()
        pairs = [(here, ana), (here, ben)] if whose is Event else [(here, ana), (elsewhere, ana)]
        taken = [
            uploads.take(PDF.replace(b"1 0", f"{number} 0".encode()), "a.pdf") for number in (3, 4)
        ]
        at_once(
            app,
            *(
                _act(event.id, by.id, it, ROOM[whose])
                for (event, by), it in zip(pairs, taken, strict=True)
            ),
        )
        return db.session.query(EventFile).count()

    return bring


def _act(event_id, user_id, it, room):
    return lambda: uploads.add(
        db.session.get(Event, event_id), db.session.get(User, user_id), [it], room
    )


@pytest.mark.parametrize("whose", [Event, User])
def test_only_one_of_two_parallel_uploads_gets_the_remaining_space(bring, whose):
    assert bring(whose) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("whose", [Event, User])
def test_control_without_the_lock_both_uploads_are_saved(bring, monkeypatch, whose):
    """SQLite has one writer at a time, so it can't show this state."""
    monkeypatch.setattr(
        uploads,
        "locked",
        lambda model, id: (db.session.get if model is whose else locked)(model, id),
    )

    assert bring(whose, SURELY) == 2
