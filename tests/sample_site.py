"""A small site in which everything that a URL can name exists once, for tests that request every
route.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from werkzeug.routing import Rule

from tests import factories, images
from tests.agenda import furnished
from tests.browser_like import Browser
from tests.voting import making
from tests.voting.results import making as counted
from tests.voting.secret import asking
from webapp.accounts import sign_ins
from webapp.conversation import post_pictures, replies, threads
from webapp.conversation.models import Reply
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.event_files import uploads
from webapp.event_files.models import EventFile
from webapp.events import change_notices
from webapp.events.comments import EventContainer
from webapp.events.models import (
    ASKED,
    OFFER,
    OFFERED,
    EventHost,
    EventOption,
    EventQuestion,
    HostInvitation,
    Rsvp,
)
from webapp.events.models.change_notice import CHANGED
from webapp.groups.models import (
    APPROVE,
    INVITE,
    MODERATOR,
    OPEN,
    ORGANIZER,
    SECRET,
    Ban,
    Category,
    Group,
    JoinQuestion,
    JoinRequest,
)
from webapp.invitations.models import GroupInvitation
from webapp.moderation.models import Case, Report
from webapp.news.models import NewsItem, NewsSource
from webapp.notifications.models import Notification
from webapp.volunteering.models import EventShift, EventTask
from webapp.voting.comments import VoteContainer

ROLES = ("visitor", "stranger", "member", "moderator", "admin", "organizer", "owner")
_numbers = count(1)


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
    ids: dict[str, Any] = field(default_factory=dict)
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
        here.ids |= furnished(here.event)
    here.ids |= _asked(here) | _to_do(here.event)
    here.cases, here.ids["thing_id"] = _cases(here), here.event.id
    here.ids["notice_id"] = _a_change(here.event)
    here.ids["group_id"] = here.group.id
    here.ids |= _kept(here) | news_of(here.group)
    here.vote = making.vote(here.group, here.people["owner"], title=f"Vote no {n}")
    here.coming_vote = making.coming(here.group, here.people["owner"], title=f"Coming no {n}")
    here.counted_vote = counted.voted(
        here.group,
        here.people["owner"],
        "stv",
        [("1>2", 1)],
        is_anonymous=False,
        reasons="optional",
    )
    here.invited_vote = making.vote(
        here.group, here.people["owner"], title=f"A few no {n}", electorate="invited"
    )
    here.secret_vote = asking.counted(here.group, here.people["owner"])
    said = replies.add(
        VoteContainer(here.vote).begin(), here.people["member"], "What speaks for it?"
    )
    here.ids |= {"vote_comment_id": said.id, "image_of_vote_comments": _pictured(said)}
    db.session.commit()
    return here


def _pictured(reply: Reply) -> UUID:
    """Add a picture to the reply; return its id."""
    [drawn] = post_pictures.store([images.encoded(images.drawing((8, 6)), "PNG")])
    post_pictures.add(reply, [drawn])
    return post_pictures.of([reply.id])[reply.id][0].id


def _kept(here: SampleSite) -> dict[str, Any]:
    """Add a picture and a file of the owner's, and a comment of the member's."""
    event, owner = here.event, here.people["owner"]
    taken = [
        uploads.take(images.encoded(images.drawing((8, 6)), "PNG"), "a.png"),
        uploads.take(b"Bring a cup.", "note.txt"),
    ]
    uploads.add(event, owner, taken, uploads.UploadAllowance(1_000_000, 1_000_000))
    rows = {
        row.kind: row.id
        for row in db.session.scalars(sa.select(EventFile).where(EventFile.event_id == event.id))
    }
    comment = replies.add(EventContainer(event).begin(), here.people["member"], "Who brings a cup?")
    image = _pictured(comment)
    db.session.commit()
    return {
        "picture_id": rows["picture"],
        "file_id": rows["txt"],
        "photo_size": 400,
        "comment_id": comment.id,
        "image_of_event_comments": image,
    }


def news_of(group: Group) -> dict[str, Any]:
    """Add news of the group and of the site, from a feed each; return their ids."""
    group.has_news = True
    ids = {}
    for where, group_id in (("", group.id), ("site_", None)):
        source = NewsSource(
            group_id=group_id, url=f"https://{group.slug}.example.org/{where}feed", name="Elsewhere"
        )
        db.session.add(source)
        db.session.flush()
        item = NewsItem(
            source_id=source.id,
            group_id=group_id,
            key="1",
            title="A word",
            published_at=clock.now(),
        )
        db.session.add(item)
        db.session.flush()
        ids |= {f"{where}source_id": source.id, f"{where}item_id": item.id}
    db.session.commit()
    return ids


def _a_change(event: Any) -> Any:
    """Add a notice of the event's new place that is due in a moment."""
    later = clock.now() + timedelta(minutes=2)
    words = {"before": change_notices.schedule_of(event)}
    news = change_notices.send(event, CHANGED, words=words, due_at=later)
    db.session.commit()
    return news.id


def _gathered(app: Any, n: int, secret: bool) -> SampleSite:
    """Create everything but the votes, whose roll is drawn from the group's members."""
    person = lambda name, **values: factories.user(name, f"No{n}", **values)  # noqa: E731
    people = {role: person(role.title(), is_admin=role == "admin") for role in ROLES[1:]}
    visibility, join_policy = (SECRET, INVITE) if secret else (OPEN, APPROVE)
    group = factories.group(
        people["owner"],
        people["member"],
        name=f"Group no {n}",
        visibility=visibility,
        join_policy=join_policy,
    )
    factories.membership(group, people["moderator"], MODERATOR)
    factories.membership(group, people["organizer"], ORGANIZER)
    audience = "group" if secret else "everyone"
    event = _event(people["owner"], group, f"Event no {n}", audience, capacity=3, promotion=OFFER)
    _hold_a_seat(event, people["member"])
    ids = _ids(app, group, people["owner"], people["member"], person) | _hosts(
        event, people["owner"], person
    )
    deleted = _event(people["owner"], group, f"Deleted no {n}", audience, deleted_at=clock.now())
    draft = _event(people["owner"], group, f"Draft no {n}", audience, state="draft")
    return SampleSite(group, event, deleted, draft, people, ids)


def _asked(here: SampleSite) -> dict[str, Any]:
    """Add the event's registration form, and someone who asks to join it."""
    event = here.event
    event.has_registration_form = True
    question = EventQuestion(event_id=event.id, position=1, text="Why?", kind="text")
    ticket = EventOption(event_id=event.id, position=1, label="Full", price="free")
    row = Rsvp(event_id=event.id, user_id=here.people["admin"].id, state=ASKED)
    db.session.add_all([question, ticket, row])
    db.session.commit()
    return {"event_question_id": question.id, "ticket_id": ticket.id, "rsvp_id": row.id}


def _to_do(event: Any) -> dict[str, Any]:
    """Add a task and a shift."""
    event.has_volunteering = True
    task = EventTask(event_id=event.id, title="Cups", position=1)
    shift = EventShift(
        event_id=event.id, title="Door", starts_at=event.starts_at, ends_at=event.ends_at
    )
    db.session.add_all([task, shift])
    db.session.commit()
    return {"task_id": task.id, "shift_id": shift.id}


def _cases(here: SampleSite) -> dict[str, Any]:
    """Add a report about the member for the group, one for site admins, and a decision about the
    member.
    """
    member, stranger = here.people["member"], here.people["stranger"]
    about = {
        "kind": "event",
        "thing_id": here.event.id,
        "group_id": here.group.id,
        "author_id": member.id,
        "label": "Said",
    }
    waits = Case(**about, open_as=f"event:{here.event.id}", reporters=1)
    at_site = Case(
        kind="person",
        thing_id=stranger.id,
        author_id=stranger.id,
        label="Them",
        open_as=f"person:{stranger.id}",
    )
    decided = Case(**about, state="closed", outcome="warned", closed_at=clock.now())
    db.session.add_all([waits, at_site, decided])
    db.session.flush()
    db.session.add(Report(case_id=waits.id, reporter_kind="visitor", rule="spam"))
    db.session.commit()
    return {"cases": waits, "site_cases": at_site, "decisions": decided, "objections": decided}


def _ids(
    app: Any, group: Any, owner: Any, member: Any, person: Callable[..., Any]
) -> dict[str, Any]:
    """Return the value of each parameter that isn't a slug. Each names something that exists,
    except links in emails.
    """
    other, asking, banned, waiting = (
        person("Other"),
        person("Asking"),
        person("Banned"),
        person("Waiting", approved_at=None),
    )
    rows = {
        "request_id": JoinRequest(group_id=group.id, user_id=asking.id, message="Please"),
        "question_id": JoinQuestion(group_id=group.id, position=1, text="Why?", options=[]),
        "ban_id": Ban(group_id=group.id, user_id=banned.id, reason="Noise"),
        "id": Notification(user_id=owner.id, kind="test", label="A line", url="/"),
        "membership_id": factories.membership(group, other),
        "invited_id": GroupInvitation(group_id=group.id, by_id=owner.id, role="member"),
    }
    topic = Category(slug=f"topic-of-{group.slug}", name=f"Topic of {group.name}")
    db.session.add_all([*rows.values(), topic])
    db.session.flush()
    talk = threads.start(group, owner, "A thread", "Its first words")
    said = replies.add(talk, member, "A reply")
    rows |= {"thread_id": talk, "reply_id": said}
    sign_ins.create_for(owner, app.config, device="Elsewhere")
    sign_in = sign_ins.by_secret(sign_ins.create_for(owner, app.config), app.config)[0]
    none = UUID(int=0)
    in_emails = {
        "link_id": none,
        "invitation_id": none,
        "user_id": none,
        "token": "none",
        "number": 1,
        "kind": "event.published",
    }
    in_emails |= {"picture": none, "size": 96, "feed_id": none, "guest_id": none}
    named = {
        "handle": waiting.handle,
        "handle_of_a_member": other.handle,
        "page": "privacy",
        "who": "visitor",
        "what": "renewal",
        "topic_id": topic.id,
        "sign_in_id": sign_in.id,
    }
    image = {"image_of_reply_pictures": _pictured(said)}
    return {name: row.id for name, row in rows.items()} | named | in_emails | image


def _event(owner: Any, group: Any, title: str, audience: str, **values: Any) -> Any:
    return factories.event(owner, group, title=title, audience=audience, **values)


def _hosts(event: Any, owner: Any, person: Callable[..., Any]) -> dict[str, Any]:
    """Add another host, and someone invited to be one."""
    until = clock.now() + timedelta(days=14)
    host = EventHost(event_id=event.id, user_id=person("Host").id)
    asked = HostInvitation(
        event_id=event.id, user_id=person("Asked").id, by_id=owner.id, expires_at=until
    )
    db.session.add_all([host, asked])
    db.session.flush()
    return {"host_id": host.id, "asked_id": asked.id}


def _hold_a_seat(event: Any, user: Any) -> None:
    until = clock.now() + timedelta(hours=5)
    db.session.add(
        Rsvp(
            event_id=event.id,
            user_id=user.id,
            state=OFFERED,
            party=1,
            position=1,
            offered_until=until,
        )
    )
    event.seats_taken, event.last_position = 1, 1


def rules(app: Any, method: str | None = None) -> list[Rule]:
    """Return all rules of the application by endpoint, or those with this method."""
    found = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    return [rule for rule in found if method is None or method in rule.methods]
