"""Who sees a vote, may vote in it, change it and see its results."""

import pytest
from werkzeug.exceptions import Forbidden, NotFound

from tests import factories
from webapp.core.extensions import db
from webapp.core.http.permissions import TABLES
from webapp.core.time import clock
from webapp.events.models import DRAFT, GROUP, Rsvp
from webapp.groups.models import CLOSED, INVITE, ORGANIZER, SECRET
from webapp.voting import access, live
from webapp.voting.models import AFTER_CLOSE, AFTER_VOTING, ALWAYS, GOING
from webapp.voting.planning import lifecycle, votes
from webapp.voting.results import result_views

from . import making
from .running import closed
from .secret import asking, boxes

visitor = type("Visitor", (), {"id": None})()


def sees(user, vote):
    try:
        return access.vote_for(user, vote.slug) is vote
    except NotFound:
        return False


def test_only_group_members_see_a_vote(group, ana, ben, cem, dia):
    vote = making.vote(group, ana)

    assert [sees(who, vote) for who in (ana, ben, cem, dia, visitor)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [live.may_watch(who, str(vote.id)) for who in (ana, ben, cem, visitor)] == [
        True,
        True,
        False,
        False,
    ]
    assert not live.may_watch(ana, "42")


@pytest.mark.parametrize("slug", ["nothing-here", "a\x00b", ""])
def test_unknown_votes_are_not_found(group, ana, slug):
    with pytest.raises(NotFound):
        access.vote_for(ana, slug)


def test_a_deleted_vote_is_invisible(group, ana):
    vote = making.coming(group, ana)
    votes.delete(vote, by=ana)
    db.session.commit()

    assert not sees(ana, vote)


def test_votes_of_a_deleted_group_are_invisible(group, ana):
    vote = making.vote(group, ana)
    group.deleted_at = clock.now()
    db.session.commit()

    assert not sees(ana, vote)


def comes(event, user):
    db.session.add(Rsvp(event_id=event.id, user_id=user.id, state="going"))
    db.session.commit()


def test_attendees_see_their_vote_before_and_after_opening(group, ana, cem, at):
    event = factories.event(ana, group)
    vote = making.coming(group, ana, event=event, electorate=GOING)
    general = making.vote(group, ana, event=event)
    assert not sees(cem, vote)

    comes(event, cem)
    assert sees(cem, vote)
    assert access.is_entitled(cem, vote)
    assert not sees(cem, general)
    at(vote.opens_at)
    lifecycle.open_now(vote.id)
    db.session.commit()

    assert sees(cem, vote)
    assert access.can_vote(cem, vote)


def test_people_who_answer_after_opening_do_not_see_the_vote(group, ana, cem):
    event = factories.event(ana, group)
    vote = making.vote(group, ana, event=event, electorate=GOING)

    comes(event, cem)

    assert not sees(cem, vote)


@pytest.mark.parametrize("hidden", ["event", "group", "secret"])
def test_votes_of_inaccessible_events_are_hidden_from_outsiders(group, ana, cem, hidden):
    event = factories.event(ana, group)
    comes(event, cem)
    vote = making.vote(group, ana, event=event, electorate=GOING)
    assert sees(cem, vote)

    if hidden == "event":
        event.audience = GROUP
    else:
        group.visibility, group.join_policy = (CLOSED if hidden == "group" else SECRET), INVITE
    db.session.commit()

    assert not sees(cem, vote)


def test_owners_and_organizers_create_votes_and_authors_edit_theirs(group, ana, ben, cem):
    leader, asked = factories.user("Lea"), factories.user("Ash")
    factories.membership(group, leader, ORGANIZER)
    factories.membership(group, asked)
    vote = making.vote(group, asked)

    assert [access.can_create(who, group) for who in (ana, leader, ben, cem)] == [
        True,
        True,
        False,
        False,
    ]
    assert [access.can(who, "vote:edit", vote) for who in (ana, leader, asked, ben, cem)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(Forbidden):
        access.vote_to(ben, "vote:edit", vote.slug)
    assert access.groups_for_votes(leader) == [group]
    assert access.groups_for_votes(ben) == []
    assert [access.creates_somewhere(it) for it in (leader, ben)] == [True, False]


def test_every_action_has_a_sentence_and_known_roles():
    table = TABLES["vote"]

    assert set(table.actions) == set(table.sentences)
    assert {role for roles in table.actions.values() for role in roles} <= {
        name for name, word in table.roles
    }


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ALWAYS, {"before": True, "voter": True, "other": True}),
        (AFTER_VOTING, {"before": False, "voter": True, "other": False}),
        (AFTER_CLOSE, {"before": False, "voter": False, "other": False}),
    ],
)
def test_results_are_visible_by_the_votes_rule(group, ana, ben, at, rule, expected):
    vote = making.vote(group, ana, results=rule)
    assert access.can_see_results(ana, vote) is expected["before"]
    making.cast(vote, ana, 1)
    assert access.can_see_results(ana, vote) is expected["voter"]
    assert access.can_see_results(ben, vote) is expected["other"]

    at(vote.closes_at)
    assert access.can_see_results(ben, vote) is expected["other"]
    lifecycle.close(vote.id)
    db.session.commit()

    assert access.can_see_results(ben, vote)


def test_scheduled_and_cancelled_votes_show_no_result(group, ana):
    assert not access.can_see_results(ana, making.coming(group, ana, results=ALWAYS))
    vote = making.vote(group, ana, results=ALWAYS)
    making.cast(vote, ana, 1)
    votes.cancel(vote, by=ana)
    db.session.commit()

    assert not access.can_see_results(ana, vote)
    assert result_views.result_for(ana, vote) is None


@pytest.mark.parametrize("make", [making.vote, asking.secret_vote])
def test_ballots_can_be_downloaded_only_of_a_counted_vote_that_is_not_hidden(
    group, ana, ben, at, make, monkeypatch
):
    vote = make(group, ana, **({"results": ALWAYS} if make is making.vote else {}))
    assert not access.can_take(ben, vote)
    vote = boxes.closed(vote, at)
    monkeypatch.setattr(type(vote), "is_few", False)
    assert access.can_take(ben, vote)

    vote.hidden_at = clock.now()

    assert not access.can_take(ben, vote)
    assert not access.can_take(ana, vote)


def test_a_hidden_votes_files_stay_closed_where_its_page_is_shown(
    group, ana, ben, at, browser, monkeypatch
):
    """The routes ask both whether the vote is there and whether its ballots may be taken."""
    vote, page = closed(group, ana, ben, at), browser(ben)
    files = [f"{vote.path}/{name}" for name in ("ballots.csv", "outcome.json")]
    assert {page.get(file).status_code for file in files} == {200}
    vote.hidden_at = clock.now()
    db.session.commit()

    monkeypatch.setattr(access, "vote_for", access.listed_vote_for)

    assert {page.get(file).status_code for file in files} == {404}


def test_the_vote_page_does_not_name_hidden_events(group, ana, ben, browser):
    event = factories.event(ana, group, title="Awful words")
    vote = making.vote(group, ana, event=event)
    assert "Awful words" in browser(ben).get(vote.path).text
    event.hidden_at = clock.now()
    db.session.commit()

    assert "Awful words" not in browser(ben).get(vote.path).text
    assert "Awful words" in browser(ana).get(vote.path).text


def test_a_vote_about_an_invisible_event_cannot_be_created(group, ana, ben, browser):
    group.may_create_votes = "member"
    event = factories.event(ana, group, title="Still a draft", state=DRAFT)
    asked = f"/votes/new/single?group={group.slug}&event={event.slug}"

    assert browser(ana).get(asked).status_code == 200
    assert browser(ben).get(asked).status_code == 404
