"""Who gets in where: every route × every role, in an open group and in a secret one, held against this table.

A route that stands in no line fails the suite. y: let in; s: to the sign-in; f: seen but forbidden; n: not there.
"""

import pytest

from tests import stills, world
from tests.test_walks import fingerprints
from tests.walking import outcome
from webapp.core.extensions import db

pytestmark = pytest.mark.any_database

#: (in an open group, in a secret one), in the order of `world.ROLES`
#:  visitor stranger member moderator admin organizer owner
MATRIX = {
    # those who see the event and do not run it
    ("s y y y y f f", "s n y y n f f"): [
        "GET /events/<slug>/message",
        "POST /events/<slug>/message",
    ],
    # whoever is signed in
    ("s y y y y y y", "s y y y y y y"): [
        "GET /account",
        "GET /account/distances",
        "GET /people/<handle>/block",
        "POST /people/<handle>/block",
        "POST /people/<handle>/block/removal",
        "GET /account/agreement",
        "GET /account/calendar",
        "POST /account/calendar",
        "GET /account/calendar/<any(renewal, removal):what>",
        "POST /account/calendar/removal",
        "POST /account/calendar/renewal",
        "POST /account/agreement",
        "GET /account/data",
        "POST /account/data",
        "GET /account/deletion",
        "POST /account/deletion",
        "GET /account/email",
        "POST /account/email",
        "POST /account/email/withdrawal",
        "GET /account/notifications",
        "POST /account/notifications",
        "GET /account/profile",
        "POST /account/profile",
        "POST /account/profile/picture",
        "POST /account/profile/picture/removal",
        "GET /account/proof",
        "POST /account/proof",
        "GET /account/reports",
        "GET /account/security",
        "GET /account/settings",
        "POST /account/settings",
        "GET /account/sign-ins",
        "GET /account/sign-ins/ending",
        "POST /account/sign-ins/ending",
        "GET /events/mine",
        "POST /events",
        "GET /events/new",
        "POST /groups",
        "GET /invitations",
        "GET /groups/deleted",
        "GET /groups/new",
        "GET /inbox",
        "POST /inbox/reading",
        "GET /password/change",
        "POST /password/change",
        "POST /sign-out",
        "GET /votes",
        "GET /votes/new",
    ],
    # admins
    ("s n n n y n n", "s n n n y n n"): [
        "GET /admin/pages",
        "GET /admin/pages/<any(privacy, terms, imprint):page>",
        "POST /admin/pages/<any(privacy, terms, imprint):page>",
        "GET /admin/topics",
        "POST /admin/topics",
        "POST /admin/topics/usual",
        "GET /admin/topics/<uuid:topic_id>",
        "POST /admin/topics/<uuid:topic_id>",
        "GET /admin/topics/<uuid:topic_id>/removal",
        "POST /admin/topics/<uuid:topic_id>/removal",
        "GET /admin/people",
        "GET /admin/reports",
        "GET /admin/reports/<uuid:case_id>",
        "POST /admin/reports/<uuid:case_id>/judgement",
        "GET /health/status",
        "POST /admin/people/<handle>/approval",
        "GET /admin/people/<handle>/refusal",
        "POST /admin/people/<handle>/refusal",
    ],
    # members
    ("s n y y n y y", "s n y y n y y"): [
        "GET /votes/<slug>",
        "POST /votes/<slug>/ballot",
        "GET /votes/<slug>/roll",
    ],
    # who leads a group, on what others may see
    ("s f f f f y y", "s n f f n y y"): [
        "GET /events/<slug>/cancellation",
        "POST /events/<slug>/cancellation",
        "POST /events/<slug>/copy",
        "GET /events/<slug>/edit",
        "POST /events/<slug>/edit",
        "GET /events/<slug>/manage",
        "GET /events/<slug>/manage/queue",
        "GET /events/<slug>/manage/as/<any(visitor, member):who>",
        "GET /events/<slug>/manage/hosts",
        "POST /events/<slug>/manage/hosts",
        "GET /events/<slug>/manage/hosts/<uuid:host_id>/removal",
        "POST /events/<slug>/manage/hosts/<uuid:host_id>/removal",
        "POST /events/<slug>/manage/hosts/invitations/<uuid:asked_id>/withdrawal",
        "POST /events/<slug>/picture",
        "POST /events/<slug>/picture/removal",
        "POST /events/<slug>/publication/removal",
        "POST /events/<slug>/lock",
        "GET /events/<slug>/manage/check-in",
        "GET /events/<slug>/manage/feedback",
        "POST /events/<slug>/manage/check-in",
        "GET /events/<slug>/manage/check-in/list",
        "POST /events/<slug>/manage/check-in/<uuid:rsvp_id>/arrival",
        "POST /events/<slug>/manage/check-in/<uuid:rsvp_id>/correction",
        "POST /events/<slug>/manage/check-in/<uuid:rsvp_id>/departure",
        "GET /events/<slug>/manage/attendees",
        "GET /events/<slug>/manage/attendees.csv",
        "GET /events/<slug>/manage/invitations",
        "POST /events/<slug>/manage/invitations",
        "POST /events/<slug>/manage/invitations/members",
        "POST /events/<slug>/manage/invitations/members/chosen",
        "GET /events/<slug>/manage/invitations/members/new",
        "POST /events/<slug>/manage/invitations/members/new",
        "GET /events/<slug>/manage/invitations/new",
        "POST /events/<slug>/manage/invitations/new",
        "GET /events/<slug>/manage/messages",
        "POST /events/<slug>/manage/messages",
        "GET /events/<slug>/manage/messages/new",
        "POST /events/<slug>/manage/messages/new",
        "POST /events/<slug>/manage/messages/<uuid:news_id>/telling",
        "POST /events/<slug>/manage/messages/<uuid:news_id>/withdrawal",
        "POST /events/<slug>/lock/removal",
        "GET /events/<slug>/removal",
        "POST /events/<slug>/removal",
        "GET /events/<slug>/manage/answers",
        "POST /events/<slug>/manage/answers",
        "GET /events/<slug>/manage/answers/<uuid:rsvp_id>",
        "POST /events/<slug>/manage/answers/<uuid:rsvp_id>",
        "GET /events/<slug>/manage/approvals",
        "POST /events/<slug>/manage/approvals",
        "POST /events/<slug>/manage/approvals/<uuid:rsvp_id>",
        "GET /events/<slug>/manage/questions",
        "POST /events/<slug>/manage/questions",
        "GET /events/<slug>/manage/questions/<uuid:question_id>",
        "POST /events/<slug>/manage/questions/<uuid:question_id>",
        "POST /events/<slug>/manage/questions/<uuid:question_id>/rise",
        "POST /events/<slug>/manage/questions/<uuid:question_id>/removal",
        "GET /events/<slug>/manage/tickets",
        "POST /events/<slug>/manage/tickets",
        "GET /events/<slug>/manage/tickets/<uuid:ticket_id>",
        "POST /events/<slug>/manage/tickets/<uuid:ticket_id>",
        "POST /events/<slug>/manage/tickets/<uuid:ticket_id>/rise",
        "POST /events/<slug>/manage/tickets/<uuid:ticket_id>/removal",
        "GET /groups/<slug>/bans",
        "POST /groups/<slug>/bans/<uuid:ban_id>/removal",
        "GET /groups/<slug>/edit",
        "POST /groups/<slug>/edit",
        "POST /groups/<slug>/picture",
        "POST /groups/<slug>/picture/removal",
        "GET /groups/<slug>/manage/members",
        "GET /groups/<slug>/manage/invitations",
        "POST /groups/<slug>/manage/invitations",
        "GET /groups/<slug>/manage/invitations/new",
        "POST /groups/<slug>/manage/invitations/new",
        "GET /groups/<slug>/manage/invitations/links/new",
        "POST /groups/<slug>/manage/invitations/links/new",
        "GET /groups/<slug>/manage/invitations/<uuid:invited_id>",
        "POST /groups/<slug>/manage/invitations/<uuid:invited_id>/pause",
        "POST /groups/<slug>/manage/invitations/<uuid:invited_id>/reminder",
        "GET /groups/<slug>/manage/invitations/<uuid:invited_id>/removal",
        "POST /groups/<slug>/manage/invitations/<uuid:invited_id>/removal",
        "POST /groups/<slug>/manage/invitations/<uuid:invited_id>/resumption",
        "GET /groups/<slug>/manage/events",
        "POST /groups/<slug>/manage/events",
        "GET /groups/<slug>/manage/votes",
        "POST /groups/<slug>/manage/votes",
        "GET /groups/<slug>/manage/settings",
        "POST /groups/<slug>/manage/settings",
        "GET /groups/<slug>/manage/code",
        "POST /groups/<slug>/manage/code",
        "GET /groups/<slug>/manage/questions",
        "POST /groups/<slug>/manage/questions",
        "GET /groups/<slug>/manage/questions/<uuid:question_id>",
        "POST /groups/<slug>/manage/questions/<uuid:question_id>",
        "POST /groups/<slug>/manage/questions/<uuid:question_id>/rise",
        "POST /groups/<slug>/manage/questions/<uuid:question_id>/removal",
        "GET /groups/<slug>/members.csv",
        "GET /groups/<slug>/members/<uuid:membership_id>",
        "POST /groups/<slug>/members/<uuid:membership_id>",
        "GET /groups/<slug>/members/<uuid:membership_id>/removal",
        "POST /groups/<slug>/members/<uuid:membership_id>/removal",
    ],
    # whose it is
    ("s n n n n n y", "s n n n n n y"): [
        "POST /account/sign-ins/<uuid:sign_in_id>/ending",
        "GET /inbox/<uuid:id>",
    ],
    # everybody
    ("y y y y y y y", "y y y y y y y"): [
        "GET /",
        "GET /dev/mail",
        "GET /events",
        "GET /groups",
        "GET /health",
        "GET /health/live",
        "GET /live",
        "GET /password/forgotten",
        "POST /password/forgotten",
        "GET /password/forgotten/letter",
        "GET /<any(privacy, terms, imprint):page>",
        "GET /<any(privacy, terms, imprint):page>/<int:number>",
        "GET /accessibility",
        "GET /privacy/retention",
        "GET /roles",
        "GET /sign-in",
        "POST /sign-in",
        "GET /sign-up",
        "POST /sign-up",
        "GET /sign-up/<uuid:invitation_id>/<token>",
        "POST /sign-up/<uuid:invitation_id>/<token>",
        "GET /sign-up/letter",
        "POST /verification",
        "GET /verification/letter",
    ],
    # whoever is signed in, and nobody is led anywhere
    ("401 y y y y y y", "401 y y y y y y"): [
        "GET /session/check",
    ],
    # everybody, of an open group; members, of a secret one
    ("y y y y y y y", "n n y y n y y"): [
        "GET /events/<slug>",
        "GET /events/<slug>/event.ics",
        "GET /events/<slug>/guest",
        "POST /events/<slug>/guest",
        "GET /events/<slug>/guest/letter",
        "GET /events/<slug>/guest/link",
        "POST /events/<slug>/guest/link",
        "GET /events/<slug>/guest/link/letter",
        "GET /groups/<slug>",
        "GET /groups/<slug>/calendar",
        "GET /reports/<kind>/<uuid:thing_id>",
        "POST /reports/<kind>/<uuid:thing_id>",
        "GET /reports/<kind>/<uuid:thing_id>/thanks",
        "GET /groups/<slug>/roles",
    ],
    # everybody, of an open group; nobody, of a secret one
    ("y y y y y y y", "n n n n n n n"): [
        "GET /groups/<slug>/events.ics",
    ],
    # nobody, by these names: the link, the mail or the picture does not exist, the person waits, no token is set
    ("n n n n n n n", "n n n n n n n"): [
        "GET /invitations/<uuid:invitation_id>/<token>",
        "GET /invitations/<uuid:invitation_id>/<token>/sign-up",
        "POST /invitations/<uuid:invitation_id>/<token>/sign-up",
        "GET /calendars/<uuid:feed_id>/<token>.ics",
        "GET /no-invitations/<token>",
        "POST /no-invitations/<token>",
        "GET /events/<slug>/picture/<uuid:picture>/<int:size>",
        "GET /groups/<slug>/picture/<uuid:picture>/<int:size>",
        "GET /people/<handle>",
        "GET /people/<handle>/picture/<uuid:picture>/<int:size>",
        "GET /dev/mail/<int:number>",
        "GET /metrics",
        "GET /dev/mail/<int:number>/html",
        "GET /decisions/<uuid:case_id>/<token>",
        "GET /guests/<uuid:guest_id>/<token>",
        "GET /guests/<uuid:guest_id>/<token>/data.json",
        "GET /guests/<uuid:guest_id>/<token>/deletion",
        "POST /guests/<uuid:guest_id>/<token>/deletion",
        "GET /guests/<uuid:guest_id>/<token>/event.ics",
        "POST /guests/<uuid:guest_id>/<token>/offer/acceptance",
        "POST /guests/<uuid:guest_id>/<token>/offer/refusal",
        "POST /guests/<uuid:guest_id>/<token>/rsvp",
        "POST /guests/<uuid:guest_id>/<token>/rsvp/removal",
        "GET /guests/<uuid:guest_id>/<token>/message",
        "POST /guests/<uuid:guest_id>/<token>/message",
        "GET /guests/<uuid:guest_id>/<token>/silence",
        "GET /guests/<uuid:guest_id>/<token>/ticket",
        "GET /guests/<uuid:guest_id>/<token>/feedback",
        "POST /guests/<uuid:guest_id>/<token>/feedback",
        "POST /guests/<uuid:guest_id>/<token>/silence",
        "POST /decisions/<uuid:case_id>/<token>/objection",
        "GET /email-change/<uuid:link_id>/<token>",
        "POST /email-change/<uuid:link_id>/<token>",
        "GET /password/reset/<uuid:link_id>/<token>",
        "POST /password/reset/<uuid:link_id>/<token>",
        "GET /unsubscription/<uuid:user_id>/<kind>/<token>",
        "POST /unsubscription/<uuid:user_id>/<kind>/<token>",
        "GET /verification/<uuid:link_id>/<token>",
        "POST /verification/<uuid:link_id>/<token>",
        "POST /verification/<uuid:link_id>/<token>/renewal",
    ],
    # nobody without a proof: to the sign-in
    ("s s s s s s s", "s s s s s s s"): [
        "POST /account/return",
    ],
    # owners
    ("s f f f f f y", "s n f f n f y"): [
        "GET /groups/<slug>/members/<uuid:membership_id>/ownership",
        "POST /groups/<slug>/members/<uuid:membership_id>/ownership",
        "POST /groups/<slug>/members/<uuid:membership_id>/ownership/withdrawal",
        "GET /groups/<slug>/deletion",
        "POST /groups/<slug>/deletion",
    ],
    # nobody, as things stand: nothing is deleted, no group is named, no invitation has this address
    ("s n n n n n n", "s n n n n n n"): [
        "POST /invitations/<uuid:invitation_id>/<token>/acceptance",
        "POST /invitations/<uuid:invitation_id>/<token>/refusal",
        "GET /account/data.zip",
        "POST /groups/<slug>/restoration",
        "POST /votes",
    ],
    # nobody yet: the tests make their tables without migrations
    ("503 503 503 503 503 503 503", "503 503 503 503 503 503 503"): [
        "GET /health/ready",
    ],
    # whoever is signed in, of an open group; members, of a secret one
    ("s y y y y y y", "s n y y n y y"): [
        "GET /events/<slug>/hosting",
        "POST /events/<slug>/hosting/acceptance",
        "POST /events/<slug>/hosting/refusal",
        "POST /events/<slug>/offer/acceptance",
        "POST /events/<slug>/offer/refusal",
        "GET /events/<slug>/rsvp",
        "GET /events/<slug>/ticket",
        "GET /events/<slug>/feedback",
        "POST /events/<slug>/feedback",
        "POST /events/<slug>/rsvp",
        "POST /events/<slug>/rsvp/removal",
        "POST /groups/<slug>/membership",
        "GET /groups/<slug>/membership/removal",
        "POST /groups/<slug>/membership/removal",
        "POST /groups/<slug>/request",
        "POST /groups/<slug>/request/withdrawal",
    ],
    # moderators and who leads
    ("s f f y f y y", "s n f y n y y"): [
        "POST /groups/<slug>/conversation/<uuid:thread_id>/lock",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/lock/removal",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/pin",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/pin/removal",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/replies/<uuid:reply_id>/showing",
        "GET /groups/<slug>/conversation/<uuid:thread_id>/removal",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/removal",
        "GET /groups/<slug>/manage",
        "GET /groups/<slug>/manage/as/<any(visitor, member):who>",
        "GET /groups/<slug>/manage/requests",
        "GET /groups/<slug>/manage/reports",
        "GET /groups/<slug>/manage/reports/<uuid:case_id>",
        "POST /groups/<slug>/manage/reports/<uuid:case_id>/escalation",
        "POST /groups/<slug>/manage/reports/<uuid:case_id>/judgement",
        "POST /groups/<slug>/requests/<uuid:request_id>/answer",
    ],
    # members, of what an open group's strangers know of
    ("s f y y f y y", "s n y y n y y"): [
        "GET /events/<slug>/people",
        "GET /groups/<slug>/conversation",
        "POST /groups/<slug>/conversation",
        "GET /groups/<slug>/conversation/new",
        "GET /groups/<slug>/conversation/<uuid:thread_id>",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/following",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/replies",
        "GET /groups/<slug>/conversation/<uuid:thread_id>/replies/<uuid:reply_id>/history",
        "GET /groups/<slug>/conversation/<uuid:thread_id>/replies/<uuid:reply_id>/removal",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/replies/<uuid:reply_id>/removal",
        "POST /groups/<slug>/calendar",
        "GET /groups/<slug>/calendar/<any(renewal, removal):what>",
        "POST /groups/<slug>/calendar/removal",
        "POST /groups/<slug>/calendar/renewal",
        "GET /groups/<slug>/members",
        "POST /groups/<slug>/code/affirmation",
        "GET /groups/<slug>/ownership",
        "POST /groups/<slug>/ownership/acceptance",
        "POST /groups/<slug>/ownership/refusal",
        "GET /groups/<slug>/notifications",
        "POST /groups/<slug>/notifications",
    ],
    # whose words they are: the member's
    ("s f y f f f f", "s n y f n f f"): [
        "GET /groups/<slug>/conversation/<uuid:thread_id>/replies/<uuid:reply_id>/edit",
        "POST /groups/<slug>/conversation/<uuid:thread_id>/replies/<uuid:reply_id>/edit",
    ],
    # whom a decision is about: the member
    ("s n y n n n n", "s n y n n n n"): [
        "GET /decisions/<uuid:case_id>",
        "POST /decisions/<uuid:case_id>/objection",
    ],
    # hosts, on what only they see
    ("s n n n n y y", "s n n n n y y"): [
        "POST /events/<slug>/publication",
        "GET /events/<slug>/removal/done",
        "POST /events/<slug>/removal/undoing",
    ],
    # who leads a group, on its votes
    ("s n f f n y y", "s n f f n y y"): [
        "GET /votes/<slug>/cancellation",
        "POST /votes/<slug>/cancellation",
        "GET /votes/<slug>/edit",
        "POST /votes/<slug>/edit",
        "GET /votes/<slug>/removal",
        "POST /votes/<slug>/removal",
    ],
}
EXPECTED = {route: line for line, routes in MATRIX.items() for route in routes}


def routes(app) -> dict[str, tuple]:
    """Every rule of the map, by its method and address."""
    return {f"{method} {rule.rule}": (rule, method) for rule in world.rules(app) for method in rule.methods & {"GET", "POST"}}


def test_every_route_stands_in_the_matrix_once(app):
    assert sorted(routes(app)) == sorted(EXPECTED)
    assert len(EXPECTED) == sum(len(listed) for listed in MATRIX.values())


@pytest.mark.parametrize("route", sorted(EXPECTED))
def test_everybody_gets_in_where_the_matrix_says(app, context, route):
    rule, method = routes(app)[route]

    assert (" ".join(outcome(app, rule, method, secret=False)), " ".join(outcome(app, rule, method, secret=True))) == EXPECTED[
        route
    ]


def test_what_one_does_the_next_finds_undone(app, context):
    """The world is brought back whole: otherwise a letter of the matrix would speak of what the role before has left."""
    here = stills.world_of(app, secret=False)
    before = fingerprints()
    here.browser(app, "owner").post(f"/events/{here.event.slug}/copy")
    db.session.rollback()
    assert {name for name, said in fingerprints().items() if said != before[name]} >= {"event", "event_question"}

    stills.world_of(app, secret=False)
    assert fingerprints() == before
