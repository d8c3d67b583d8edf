"""A small site in which everything that a URL can name exists once, for tests that request every
route.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from werkzeug.routing import Rule

from tests import factories, sample_things as things
from tests.browser_like import Browser
from tests.voting.results import making as counted
from tests.voting.secret import asking as asking_in_secret
from webapp.accounts import sign_ins
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.models import ASKED, EVERYONE, GROUP, OFFER, OFFERED, Rsvp
from webapp.groups.models import APPROVE, INVITE, MODERATOR, OPEN, ORGANIZER, SECRET
from webapp.notifications.models import Notification
from webapp.ops.demo import world

_numbers = count(1)
#: What only links in emails name: nothing exists of it.
NONE = UUID(int=0)
IN_EMAILS: dict[str, Any] = {
    **dict.fromkeys(
        ("link_id", "invitation_id", "user_id", "picture", "feed_id", "guest_id"), NONE
    ),
    "token": "none",
    "number": 1,
    "kind": "event.published",
    "size": 96,
    "page": "privacy",
    "who": "visitor",
    "what": "renewal",
}
ROLES = ("visitor", "stranger", "member", "moderator", "admin", "organizer", "owner")


@dataclass
class SampleSite:
    """A group with an event, a vote and a person for every role; `people` by role.

    For tests that request every route as each role: who gets in, what pages show, what they cost.
    Forms are sent every possible value on `form_site.FormSite`, where all belongs to one owner.
    """

    group: Any
    event: Any
    deleted_event: Any
    draft: Any
    people: dict[str, Any]
    ids: dict[str, Any] = field(default_factory=lambda: dict(IN_EMAILS))
    vote: Any = None
    coming_vote: Any = None
    counted_vote: Any = None
    invited_vote: Any = None
    secret_vote: Any = None
    #: Reported things, by the blueprint that shows them.
    cases: dict[str, Any] = field(default_factory=dict)
    #: Cookies of signed-in people, by role.
    secrets: dict[str, str] = field(default_factory=dict)
    #: Their browsers in their initial state, by role.
    tabs: dict[str, Browser] = field(default_factory=dict)

    def signed_in(self, app: Any) -> "SampleSite":
        """Sign everyone but the visitor in."""
        self.secrets = {
            role: sign_ins.create_for(person, app.config, device="Tests")
            for role, person in self.people.items()
        }
        db.session.commit()
        return self

    def browser(self, app: Any, role: str) -> Browser:
        """Return the browser of the person with this role, signed in unless they are a visitor."""
        if role not in self.secrets:
            return Browser.of(app, self.people.get(role))
        if role not in self.tabs:
            self.tabs[role] = Browser.with_secret(app, self.secrets[role])
            self.tabs[role].csrf_token()
        return self.tabs[role].again()

    def path(self, rule: Rule) -> str:
        """Return the rule's URL, with this site's value for each parameter."""
        values = {name: self.value(rule, name) for name in rule.arguments}
        return rule.build(values, append_unknown=False)[1]

    def value(self, rule: Rule, name: str) -> Any:
        """Return the value of one parameter of a rule.
        Raises KeyError for an unknown one.
        """
        if name == "slug":
            return "votes" if rule.endpoint == "help.show" else self._named(rule).slug
        if rule.endpoint.startswith("site_decisions."):
            return {"kind": "person", "thing_id": self.people["member"].id}[name]
        if rule.endpoint.startswith("site_queue."):
            return {"pile": "emails", "what": "retrial"}[name]
        if name == "kind" and rule.endpoint.startswith("reports."):
            return "event"
        if name == "kind":
            return "irv"
        if rule.endpoint.startswith(("site_news.", "site_feeds.")):
            return self.ids[f"site_{name}"]
        if name == "group_id":
            return self.group.id
        if name == "case_id":
            return self.cases[rule.endpoint.split(".")[0]].id
        if name == "handle" and rule.endpoint.startswith("blocks."):
            return self.ids["handle_of_a_member"]  # someone waiting for approval can't be blocked
        if name == "question_id" and rule.endpoint.startswith("event_questions."):
            return self.ids["event_question_id"]
        if name == "image_id":
            return self.ids[f"image_of_{rule.endpoint.split('.')[0]}"]
        if name == "size" and "image_id" in rule.arguments:
            return self.ids["photo_size"]
        if rule.endpoint.startswith("vote_comments.") and name == "reply_id":
            return self.ids["vote_comment_id"]
        if rule.endpoint.startswith(("event_comments.", "event_gallery.")):
            return self.ids[
                {"reply_id": "comment_id", "file_id": "picture_id", "size": "photo_size"}[name]
            ]
        return self.ids[name]

    def _named(self, rule: Rule) -> Any:
        special = {
            "event_publications.create": self.draft,
            "event_removals.show": self.deleted_event,
            "event_removals.delete": self.deleted_event,
            "votes.update": self.coming_vote,
        }
        if rule.endpoint.startswith(
            ("secret_ballots.", "ballot_keys.", "checkpoints.", "vote_downloads.bundle")
        ):
            return self.secret_vote
        if rule.endpoint.startswith(("vote_downloads.", "named_ballots.", "ballot_comments.")):
            return self.counted_vote
        if rule.endpoint.startswith("invitees."):
            return self.invited_vote
        usual = {"groups": self.group, "events": self.event, "votes": self.vote}
        return special.get(rule.endpoint) or usual[rule.rule.split("/")[1]]


def build(app: Any, secret: bool = False) -> SampleSite:
    """Build and commit the site, with an open group that people ask to join, or with a
    secret one.
    """
    n = next(_numbers)
    with factories.together():
        here = _gathered(app, n, secret)
        _fill(here, app, n)
    return here


def _gathered(app: Any, n: int, secret: bool) -> SampleSite:
    """Create the people, the group with its members, and its events."""
    people = {
        role: factories.user(role.title(), f"No{n}", is_admin=role == "admin") for role in ROLES[1:]
    }
    owner, member = people["owner"], people["member"]
    visibility, join_policy = (SECRET, INVITE) if secret else (OPEN, APPROVE)
    hidden = {"visibility": visibility, "join_policy": join_policy}
    group = world.group(owner, member, name=f"Group {n} here", **hidden)
    for role in (MODERATOR, ORGANIZER):
        world.join(group, people[role], role)
    audience = GROUP if secret else EVERYONE
    event, deleted, draft = (
        world.event(owner, group, title=f"{what} no {n}", audience=audience, capacity=3)
        for what in ("Event", "Deleted", "Draft")
    )
    for published in (event, deleted):
        planning.publish(published, by=owner)
    planning.delete(deleted, by=owner)
    return SampleSite(group, event, deleted, draft, people)


def _fill(here: SampleSite, app: Any, n: int) -> None:
    """Add one of everything to the group and its event."""
    group, event, people = here.group, here.event, here.people
    owner, member = people["owner"], people["member"]
    other, waiting = (
        factories.user("Other", f"No{n}"),
        factories.user("Waiting", f"No{n}", approved_at=None),
    )
    asking, banned, host, asked = (
        factories.user(name, f"No{n}") for name in ("Asking", "Banned", "Host", "Asked")
    )
    membership = factories.membership(group, other)
    here.ids |= things.in_group(group, owner, member, asking, banned)
    _hold_a_seat(event, member)
    here.ids |= things.at_event(event, owner, member, host, asked)
    wish = Rsvp(event_id=event.id, user_id=people["admin"].id, state=ASKED)
    line = Notification(user_id=owner.id, kind="test", label="A line", url="/")
    db.session.add_all([wish, line])
    here.ids |= things.ids({"rsvp_id": wish, "id": line, "membership_id": membership})
    here.cases = things.cases(group, event, member, member, people["stranger"])
    here.ids |= things.feeds(group, owner, people["admin"])
    made = things.votes(group, owner, member)
    here.counted_vote = counted.voted(
        group, owner, "stv", [("1>2", 1)], is_anonymous=False, reasons="optional"
    )
    here.secret_vote = asking_in_secret.counted(group, owner)
    for name in ("vote", "coming_vote", "invited_vote"):
        setattr(here, name, made.pop(name))
    sign_ins.create_for(owner, app.config, device="Elsewhere")
    sign_in = sign_ins.by_secret(sign_ins.create_for(owner, app.config), app.config)[0]
    here.ids |= made | {
        "handle": waiting.handle,
        "handle_of_a_member": other.handle,
        "sign_in_id": sign_in.id,
        "thing_id": event.id,
    }


def _hold_a_seat(event: Any, user: Any) -> None:
    """Offer a seat to someone on the waiting list, although others are free."""
    until = clock.now() + timedelta(hours=5)
    offer = {"state": OFFERED, "party": 1, "position": 1, "offered_until": until}
    db.session.add(Rsvp(event_id=event.id, user_id=user.id, **offer))
    event.promotion, event.seats_taken, event.last_position = OFFER, 1, 1


def rules(app: Any, method: str | None = None) -> list[Rule]:
    """Return all rules of the application by endpoint, or those with this method."""
    found = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    return [rule for rule in found if method is None or method in rule.methods]
