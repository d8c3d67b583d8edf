"""The content of digest emails: by group, then by thread, vote and event, with excerpts, and
nothing their reader can no longer see.
"""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.conversation.talking import said, thread
from tests.fan_outs import run_fan_outs
from tests.voting import making
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK, MUTE
from webapp.conversation import removals
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import planning
from webapp.groups import memberships
from webapp.notifications import digest_contents, preferences
from webapp.notifications.models import DIGEST, INBOX, Notification
from webapp.voting.planning import lifecycle

from .. import factories
from .digests import at, happens, has_digest, tick

TYPES = ("reply.arrived", "reply.mentioned", "thread.announced", "vote.opened", "event.published")
MONDAY, TUESDAY = "2032-01-12", "2032-01-13"


@pytest.fixture
def ana(context):
    return factories.user("Aroha", "Tamatea")


@pytest.fixture
def ben(context):
    """Ben, who lives in Lisbon and gets everything in the digest."""
    user = factories.user("Ben", "Okafor", zone="Europe/Lisbon")
    preferences.choose(user, dict.fromkeys(TYPES, DIGEST))
    db.session.commit()
    return user


@pytest.fixture
def river(ana, ben):
    return factories.group(ana, ben, name="River Carers")


@pytest.fixture
def talk(river, ana, ben):
    """A thread of Ben's, which he follows."""
    return thread(river, ben, "Rāhui below the bridge")


def answered(talk, by, *words):
    for one in words:
        said(talk, by, one)
    run_fan_outs()


def email_on(emails, day=TUESDAY):
    with at(f"{day}T08:00+00:00"):
        assert tick() == 1
        (email,) = [email for email in emails() if "/digest/" in (email["List-Unsubscribe"] or "")]
    return email


def text_of(email):
    return email.get_body(("plain",)).get_content()


def test_a_digest_lists_news_by_group_with_excerpts_and_one_button(ana, ben, river, talk, emails):
    garden = factories.group(ana, ben, name="Leith <b>Garden</b>")
    with at(f"{MONDAY}T09:14+00:00"):
        answered(talk, ana, "One.", "Is the path *open*?", "The path is **open**.")
        making.vote(river, ana, title="What do we buy?")
        event = factories.event(
            ana,
            garden,
            datetime.fromisoformat("2032-01-20T11:00+00:00"),
            title="Seed swap",
            state="draft",
            venue="Whetstone Hall",
        )
        planning.publish(event, by=ana)
        run_fan_outs()
    email = email_on(emails)

    subject = "River Carers: 3 new replies in “Rāhui below the bridge”, and 2 more"
    assert email["Subject"] == subject
    text, html = text_of(email), email.get_body(("html",)).get_content()
    order = [
        "Your Tuesday digest",
        "5 updates from 2 groups since yesterday.",
        "RIVER CARERS",
        "Rāhui below the bridge: http://127.0.0.1:8000/inbox/",
        "> Aroha Tamatea yesterday, 09:14",
        "> Is the path open?",
        "> The path is open.",
        "1 more reply: http",
        "You can vote now: “What do we buy?”: http",
        "Closes Tue 13 Jan, 09:14. You haven’t voted yet.",
        "LEITH <B>GARDEN</B>",
        "“Seed swap”: http",
        "Tue 20 Jan, 11:00–13:00\u00a0· Whetstone Hall",
        "Open inbox: http://127.0.0.1:8000/inbox",
        "You get this digest daily at 08:00 (Lisbon)",
        "Switch to weekly: http://127.0.0.1:8000/account/notifications#digest",
        "Stop emails like this: http",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places), text
    assert "\n\n\n" not in text
    assert "One." not in text
    assert "Leith &lt;b&gt;Garden" in html
    assert html.count('class="button"') == 1
    assert "Aroha Tamatea: “The path is open.” · You can vote now" in html
    assert "Hello" not in text


def test_digests_show_a_closed_vote_by_its_title_with_the_result_below(
    ana, ben, river, emails, monkeypatch
):
    monkeypatch.setattr(database_clock, "now", clock.now)  # PostgreSQL's isn't moved
    preferences.choose(ana, {"vote.closed": INBOX})
    with at(f"{MONDAY}T09:00+00:00"):
        closes = clock.now() + timedelta(hours=1)
        vote = making.vote(river, ana, title="What do we buy?", closes_at=closes)
        making.cast(vote, ana, 1)
    with at(f"{MONDAY}T10:01+00:00"):
        lifecycle.close(vote.id)
        run_fan_outs()
    email = email_on(emails)

    assert email["Subject"] == "River Carers: “What do we buy?” has closed"
    lines = [line for line in text_of(email).splitlines() if line]
    heading, finding = lines[lines.index("RIVER CARERS") + 1 :][:2]
    assert heading.startswith("What do we buy?: http://127.0.0.1:8000/inbox/")
    assert "was chosen, with 1 of 1." in finding


def test_a_thread_appears_in_the_next_digest_with_only_its_new_replies(ana, ben, talk, emails):
    with at(f"{MONDAY}T09:00+00:00"):
        answered(talk, ana, "Old.", "Older.")
    with at(f"{TUESDAY}T08:00+00:00"):
        tick()
        emails()
    with at(f"{TUESDAY}T09:00+00:00"):
        answered(talk, ana, "Newest.", "Newer.")
    with at("2032-01-14T08:00+00:00"):
        tick()
        email = emails()[-1]

    assert email["Subject"] == "River Carers: 2 new replies in “Rāhui below the bridge”"
    assert "Newest." in text_of(email)
    assert "Old" not in text_of(email)
    assert "2 updates from 1 group since yesterday." in text_of(email)


def test_a_weekly_digest_says_that_it_is_weekly(ana, ben, talk, emails):
    has_digest(ben)
    with at("2032-01-07T10:00+00:00"):
        answered(talk, ana, "Only this.")
    email = email_on(emails, MONDAY)

    assert email["Subject"] == ("River Carers: Aroha Tamatea wrote in “Rāhui below the bridge”")
    text = text_of(email)
    assert "Your weekly digest" in text
    assert "1 update from 1 group since Wed 7 Jan." in text
    assert "> Aroha Tamatea Wed 7 Jan, 10:00" in text
    assert "on Mondays at 08:00 (Lisbon)" in text
    assert "Switch to daily" in text


def _removed(reply, ana, ben):
    removals.delete(reply, by=ana)


def _hidden(reply, ana, ben):
    removals.hide(reply, by=ana, reason="Rude")


def _left(reply, ana, ben):
    memberships.leave(reply.thread.group, by=ben)


def _blocked(reply, ana, ben):
    blocks.block_or_mute(ben, reply.author, BLOCK)


def _muted(reply, ana, ben):
    blocks.block_or_mute(ben, reply.author, MUTE)


@pytest.mark.parametrize("what", [_removed, _hidden, _left, _blocked, _muted])
def test_a_digest_omits_replies_its_reader_can_no_longer_see(ana, ben, river, talk, emails, what):
    cem = factories.user("Cem")
    factories.membership(river, cem)
    with at(f"{MONDAY}T10:00+00:00"):
        answered(talk, cem if what in (_blocked, _muted) else ana, "A canary sings.")
        making.vote(river, ana, title="What do we buy?")
        run_fan_outs()
        reply = talk_reply(talk)
        what(reply, ana, ben)
        db.session.commit()
    with at(f"{TUESDAY}T08:00+00:00"):
        tick()
        found = emails()

    assert "canary" not in "".join(text_of(email) + str(email["Subject"]) for email in found)


def talk_reply(talk):
    from webapp.conversation.models import Reply

    wanted = sa.select(Reply).where(Reply.thread_id == talk.id, Reply.number == 1)
    return db.session.scalars(wanted).one()


def test_a_digest_omits_the_names_of_groups_its_reader_cannot_see(ana, ben, river, emails):
    with at(f"{MONDAY}T10:00+00:00"):
        happens(ben, about=None, group_id=river.id)
        river.visibility, river.join_policy = "secret", "invite"
        memberships.leave(river, by=ben)
        line = db.session.scalars(sa.select(Notification)).one()
        line.read_at = None
        db.session.commit()
    email = email_on(emails)

    assert email["Subject"] == "You can vote now: “Where do we plant?”"
    assert "RIVER" not in text_of(email)
    assert "1 update since yesterday." in text_of(email)


def test_a_digest_omits_the_details_of_cancelled_and_hidden_events(ana, ben, river, emails):
    with at(f"{MONDAY}T10:00+00:00"):
        for state in ("cancelled", "draft"):
            event = factories.event(ana, river, title=f"Was {state}", venue="Whetstone Hall")
            about = {"scope": f"event:{event.id}", "group_id": river.id}
            happens(ben, event.title, kind="vote.concluded", **about)
            event.state = state
        db.session.commit()
    text = text_of(email_on(emails))

    assert "Was cancelled" in text
    assert "Whetstone" not in text


def test_a_digest_groups_news_by_subject_and_leaves_the_excess_to_the_inbox(
    ana, ben, river, emails
):
    with at(f"{MONDAY}T10:00+00:00"):
        one = {"scope": "event:01a20000-0000-7000-8000-000000000000", "kind": "vote.concluded"}
        for number in range(5):
            happens(ben, f"Same {number}", **one)
        for number in range(digest_contents.MOST_THINGS + 2):
            happens(ben, f"Other {number}", group_id=river.id)
    email = email_on(emails)

    assert str(email["Subject"]).endswith("”, and 16 more")
    text = text_of(email)
    assert [f"Same {number}" in text for number in range(5)] == [False, False, True, True, True]
    assert "2 more updates" in text
    assert text.count("Other ") == digest_contents.MOST_THINGS
    assert "2 more in your inbox" in text


def test_a_long_title_in_the_subject_leaves_room_for_the_count(ben, emails):
    with at(f"{MONDAY}T10:00+00:00"):
        happens(ben, "Why " * 40)
        happens(ben, "Why\r\nBcc: x@example.org " * 10)
    subject = str(email_on(emails)["Subject"])

    assert subject.endswith("…, and 1 more")
    assert len(subject) < 80
    assert "\n" not in subject


def test_a_digest_takes_the_same_statements_for_three_items_as_for_one(
    ana, ben, river, statements_of
):
    def happened():
        answered(thread(river, ben), ana, "New.", "Newer.")
        making.vote(river, ana)
        event = factories.event(ana, river, state="draft")
        planning.publish(event, by=ana)
        run_fan_outs()

    def asked():
        db.session.expire_all()
        db.session.refresh(ben)
        lines = db.session.scalars(sa.select(Notification).filter_by(user_id=ben.id)).all()
        return statements_of(lambda: digest_contents.contents_of(ben, lines, clock.now()))

    happened()
    one = asked()
    for _number in range(2):
        happened()
    assert asked() == one
