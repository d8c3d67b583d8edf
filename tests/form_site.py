"""A site of one owner, for tests that send every form and request every URL, whatever they get."""

import re
from typing import Any
from urllib.parse import urlsplit

from webapp.accounts import emailed_links, sign_ins
from webapp.attendance import guest_links, inviting as event_inviting
from webapp.conversation import replies, threads
from webapp.core.extensions import db
from webapp.event_files import uploads
from webapp.event_files.models import EventFile
from webapp.events import change_notices
from webapp.events.comments import EventContainer
from webapp.events.models import (
    DRAFT,
    EventHost,
    EventInvitation,
    EventOption,
    EventQuestion,
    Guest,
    HostInvitation,
    Rsvp,
)
from webapp.events.models.change_notice import CHANGED
from webapp.groups.models import APPROVE, MEMBER, Ban, Category, JoinRequest, Membership
from webapp.invitations import access, inviting, opt_outs
from webapp.invitations.models import GroupInvitation
from webapp.moderation.models import Case
from webapp.moderation.notifications import way_to
from webapp.notifications import notification_types, unsubscribe
from webapp.volunteering.models import EventShift, EventTask
from webapp.voting.comments import VoteContainer

from . import factories, sample_site
from .agenda import furnished
from .browser_like import Browser
from .voting import making
from .voting.secret import asking

#: Parameters for which nothing here has a fitting value: they get the id of something else.
NOT_HERE = (
    "feed_id",
    "id",
    "image_id",
    "invitation_id",
    "kind",
    "picture",
    "sign_in_id",
    "size",
    "user_id",
    "what",
    "who",
)


class FormSite:
    """One of everything that can be sent a form, all Ana's: the values for parameters of URLs.

    For tests that send what a field may not hold, over and over. Who gets in, and what a page shows
    to each role, is tested on `sample_site.SampleSite`. `secret`: her cookie's value.
    """

    def __init__(self, app: Any) -> None:
        ana, ben = factories.user("Ana", "Souza", is_admin=True), factories.user("Ben", "Okafor")
        eve, fay = factories.user("Eve"), factories.user("Fay")
        self.group = factories.group(ana, ben, join_policy=APPROVE)
        self.event = factories.event(ana, self.group, capacity=3, max_plus_ones=2)
        self.draft = factories.event(ana, self.group, state=DRAFT)
        self.vote = making.vote(self.group, ana)
        self.secret_vote = asking.secret_vote(self.group, ana)
        self.request = JoinRequest(group_id=self.group.id, user_id=eve.id, message="")
        self.ban = Ban(group_id=self.group.id, user_id=fay.id, reason="")
        db.session.add_all([self.request, self.ban])
        about = {
            "kind": "event",
            "thing_id": self.event.id,
            "label": "E",
            "group_id": self.group.id,
        }
        self.case = Case(**about, author_id=ben.id, open_as=f"event:{self.event.id}")
        self.decided = Case(
            **about,
            author_id=ana.id,
            state="closed",
            outcome="warned",
            closed_at=self.event.created_at,
        )
        self.site_case = Case(
            kind="person",
            thing_id=ben.id,
            label="B",
            author_id=ben.id,
            open_as=f"person:{self.event.id}",
        )
        db.session.add_all([self.case, self.decided, self.site_case])
        self.link = emailed_links.current_or_new(ana, emailed_links.RESET)
        db.session.flush()
        self.token = emailed_links.token(self.link)
        membership = (
            db.session.query(Membership).filter_by(group_id=self.group.id, user_id=ben.id).one()
        )
        talk = threads.start(self.group, ana, "A thread", "Its first words")
        said = replies.add(talk, ana, "A reply")
        self.talk = {"thread_id": talk.id, "reply_id": said.id}
        self.ids = {
            "request_id": self.request.id,
            "ban_id": self.ban.id,
            "membership_id": membership.id,
        }
        host = EventHost(event_id=self.event.id, user_id=eve.id)
        until = self.event.ends_at
        asked = HostInvitation(
            event_id=self.event.id, user_id=fay.id, by_id=ana.id, expires_at=until
        )
        db.session.add_all([host, asked])
        db.session.flush()
        self.ids |= {"host_id": host.id, "asked_id": asked.id}
        self.handle, self.user_id = ben.handle, ben.id
        inviting.invite(self.group, ana, inviting.Invited(["hal@example.org"], MEMBER))
        self.invited = db.session.query(GroupInvitation).filter_by(group_id=self.group.id).one()
        self.ids["invited_id"] = self.invited.id
        event_inviting.invite(self.event, ana, ["ivy@example.org"])
        self.event_invited = db.session.query(EventInvitation).one()
        self.guest = Guest(event_id=self.event.id, name="Gil", email="gil@example.org")
        db.session.add(self.guest)
        db.session.flush()
        ticket = EventOption(event_id=self.event.id, position=1, label="Full", price="free")
        question = EventQuestion(event_id=self.event.id, position=1, text="Why?", kind="long")
        wish = Rsvp(event_id=self.event.id, user_id=eve.id, state="asked")
        self.event.has_registration_form = True
        db.session.add_all([ticket, question, wish])
        db.session.flush()
        self.ids |= {"ticket_id": ticket.id, "question_id": question.id, "rsvp_id": wish.id}
        task = EventTask(event_id=self.event.id, title="Cups", position=1)
        shift = EventShift(
            event_id=self.event.id, title="Door", starts_at=self.event.starts_at, ends_at=until
        )
        self.event.has_volunteering = True
        db.session.add_all([task, shift])
        db.session.flush()
        self.ids |= {"task_id": task.id, "shift_id": shift.id}
        self.kind = notification_types.NOTIFICATION_TYPES["event.published"]
        self.way_out = unsubscribe.url(ben, self.kind).rpartition("/")[2]
        words = {"before": change_notices.schedule_of(self.event)}
        news = change_notices.send(self.event, CHANGED, words=words, due_at=self.event.starts_at)
        self.ids["notice_id"] = news.id
        self.ids |= furnished(self.event)
        topic = Category(slug="nature", name="Nature")
        db.session.add(topic)
        db.session.flush()
        self.ids["topic_id"] = topic.id
        uploads.add(
            self.event,
            ana,
            [uploads.take(b"Bring a cup.", "note.txt")],
            uploads.UploadAllowance(1_000_000, 1_000_000),
        )
        self.ids["file_id"] = db.session.query(EventFile).filter_by(event_id=self.event.id).one().id
        self.comment = replies.add(EventContainer(self.event).begin(), ana, "Who brings a cup?")
        self.ids |= sample_site.news_of(self.group)
        self.said_of_vote = replies.add(
            VoteContainer(self.vote).begin(), ana, "What speaks for it?"
        )
        self.invited_vote = making.vote(self.group, ana, electorate="invited")
        db.session.flush()
        self.secret = sign_ins.create_for(ana, app.config, device="Tests")
        #: The forms of each page for Ana and for visitors, by their action.
        self.forms: dict[tuple[str, bool], dict[str, Any]] = {}
        db.session.commit()
        self.tab = Browser.with_secret(app, self.secret)
        self.tab.csrf_token()

    def path_of(self, rule: Any) -> str:
        """Return the rule's URL with this site's value for each parameter.
        Raises KeyError for an unknown one.
        """
        slug = {"g": self.group.slug, "e": self.event.slug, "v": self.vote.slug}.get(
            rule.rule[1:2], ""
        )
        if rule.endpoint == "event_publications.create":
            slug = self.draft.slug
        if rule.endpoint.startswith(("secret_ballots.", "ballot_keys.", "checkpoints.")):
            slug = self.secret_vote.slug
        if rule.endpoint.startswith("invitees."):
            slug = self.invited_vote.slug
        if "case_id" in rule.arguments:
            return self.of_case(rule)
        if rule.endpoint.startswith("reports."):
            return rule.build({"kind": "event", "thing_id": self.event.id})[1]
        if rule.endpoint.startswith("site_decisions."):
            return rule.build({"kind": "person", "thing_id": self.user_id})[1]
        if rule.endpoint.startswith("unsubscriptions."):
            return rule.build(
                {"user_id": self.user_id, "kind": self.kind.name, "token": self.way_out}
            )[1]
        if rule.rule.startswith("/invitations/<"):
            return rule.build(
                {"invitation_id": self.invited.id, "token": access.token(self.invited)}
            )[1]
        if rule.endpoint.startswith("event_invitation_pages."):
            return event_inviting.path_of(self.event_invited)
        if rule.endpoint.startswith("guest_silences."):
            return guest_links.unsubscribe_url(self.guest)
        if rule.rule.startswith("/guests/"):
            return guest_links.path(self.guest) + rule.rule.partition("<token>")[2].replace(
                "<uuid:session_id>", str(self.ids["session_id"])
            )
        if rule.rule.startswith("/no-invitations/"):
            return urlsplit(opt_outs.url("gil@example.org")).path
        known = {
            "slug": slug,
            "handle": self.handle,
            "token": self.token,
            "number": 1,
            "group_id": self.group.id,
            **dict.fromkeys(("link_id", *NOT_HERE), self.link.id),
        }
        known |= self.ids | self.talk
        if rule.endpoint.startswith("event_comments."):
            known["reply_id"] = self.comment.id
        if rule.endpoint.startswith("vote_comments."):
            known["reply_id"] = self.said_of_vote.id
        if rule.endpoint.startswith(("site_news.", "site_feeds.")):
            known |= {name: self.ids[f"site_{name}"] for name in ("source_id", "item_id")}
        known |= {"page": "terms", "group_id": self.group.id}
        if rule.endpoint.startswith("site_queue."):
            known |= {"pile": "emails", "what": "removal"}
        part = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
        path = part.sub(lambda found: str(known[found[1]]), rule.rule)
        if rule.endpoint in ("votes.plan", "votes.change_kind"):
            path = path.replace(str(self.link.id), "date")
        if rule.rule == "/votes":
            path += f"?kind=date&group={self.group.slug}"
        asks = ("/events/new", "/votes/new", "/votes/new/<kind>", "/events")
        return path + (f"?group={self.group.slug}" if rule.rule in asks else "")

    def of_case(self, rule: Any) -> str:
        """Return the URL of a report, or of a decision about Ana."""
        case = self.case if rule.endpoint.startswith("cases.") else self.site_case
        case = self.decided if rule.endpoint.startswith(("decisions.", "objections.")) else case
        proof = way_to(self.decided).rpartition("/")[2]
        values = {"slug": self.group.slug, "case_id": case.id, "token": proof}
        return rule.build({name: values[name] for name in rule.arguments})[1]
