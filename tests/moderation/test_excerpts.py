"""Moderators read every text of the reported thing, as it was when it was reported."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories
from tests.browser_like import Browser
from tests.moderation.reporting import reported
from tests.privacy import hosting, outlets
from tests.privacy.canaries import Canaries
from tests.voting import making
from webapp.accounts.models import EVERYONE
from webapp.agenda.models import Speaker
from webapp.conversation import threads
from webapp.conversation.models import Reply
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.event_files import uploads
from webapp.event_files.models import EventFile
from webapp.groups.models import APPROVE
from webapp.moderation.models import SNAPSHOT
from webapp.moderation.reportable_types import THINGS
from webapp.people.models import Profile

#: Tables with text that is shown on a thing's pages but isn't part of it, because it can be
#: reported itself.
BESIDE = {
    "event": {"group", "reply_version"},
    "group": {"event"},
    "reply": {"group"},
    "vote": {"group", "event"},
}
#: Columns that are read, but needn't be judged.
NO_WORDS = {
    f"{name}.slug": "an address, to which the case leads" for name in ("event", "group", "vote")
}


def things(ana: Any, ben: Any, fay: Any) -> Iterator[tuple[str, Any]]:
    """Yield one of each kind of thing that can be reported, with all possible texts; all are
    Ben's.
    """
    group = factories.group(ben, ana, fay, join_policy=APPROVE)
    hosting.led(group)
    event = factories.event(ben, group)
    hosting.planned(event, ben, ana, factories.user("Dan"))
    db.session.add(
        Speaker(event_id=event.id, name="Guest", bio="Reaps", links=["https://x.example"])
    )
    ben.profile_visibility = EVERYONE
    db.session.add(Profile(user_id=ben.id, bio="Hello", links=["https://b.example.org"]))
    uploads.add(
        event,
        ben,
        [uploads.take(b"Cups", "cups.txt")],
        uploads.UploadAllowance(1_000_000, 1_000_000),
    )
    thread = threads.start(group, ben, "Ben begins", "With these words")
    db.session.commit()
    yield "vote", making.vote(group, ben, description="Cups or plates?")
    yield from {"person": ben, "group": group, "event": event}.items()
    yield "file", db.session.scalars(sa.select(EventFile)).one()
    yield "reply", db.session.scalars(sa.select(Reply).where(Reply.thread_id == thread.id)).one()


@pytest.mark.any_database
def test_a_case_shows_every_public_text_of_its_subject(app, context, ana, ben, dia):
    canaries, eve, fay = Canaries(), factories.user("Eve"), factories.user("Fay")
    ids = {kind: thing.id for kind, thing in things(ana, ben, fay)}
    members_only = {"reply", "vote"}
    assert set(ids) == set(THINGS)
    canaries.fill(ben)
    admins = Browser.of(app, dia)
    for kind, thing_id in ids.items():
        what, reader = THINGS[kind], fay if kind in members_only else eve
        pages = outlets.pages(app, reader, within=what.url(what.find(thing_id)).partition("#")[0])
        read = {
            one for one in canaries.within("".join(pages.values())) if one.column not in NO_WORDS
        }
        own = {one for one in read if one.column.split(".")[0] not in BESIDE.get(kind, ())}
        assert own or kind == "file", kind

        case = reported(kind, what.find(thing_id), reader)
        assert own - canaries.within(case.snapshot + str(case.of_others)) == set(), kind
        page = admins.get(f"/admin/reports/{case.id}").get_data(as_text=True)
        assert own - canaries.within(page) == set(), kind


def test_an_excerpt_marks_where_it_is_cut_and_says_nothing_changed(
    app, context, ana, ben, dia, browser
):
    event = factories.event(ben, factories.group(ben, ana), description="long " * SNAPSHOT)
    case = reported("event", event, ana)
    page = browser(dia)

    page.get(f"/admin/reports/{case.id}")

    assert len(case.snapshot) == SNAPSHOT
    assert case.snapshot.endswith("…")
    assert "No one has changed it since." in page.text


def test_a_cases_text_of_an_events_speaker_stays_unchanged(context, ana, ben, cem):
    event = factories.event(ben, agenda_published_at=clock.now())
    speaker = Speaker(event_id=event.id, user_id=ana.id, name="Ana", bio="A thief", links=[])
    db.session.add(speaker)
    case = reported("event", event, cem)

    speaker.bio = "A friend"
    db.session.commit()

    assert case.of_others == {str(ana.id): "Ana\n\nA thief"}
