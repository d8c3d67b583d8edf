"""A site of one owner, for tests that send every form and request every URL, whatever they get."""

from typing import Any
from urllib.parse import urlsplit

from tests import factories, sample_things as things
from tests.browser_like import Browser
from tests.sample_site import SampleSite
from tests.voting.secret import asking as asking_in_secret
from webapp.accounts import emailed_links, sign_ins
from webapp.attendance import guest_links, inviting as event_inviting
from webapp.core.extensions import db
from webapp.events import planning
from webapp.events.models import ASKED, EventInvitation, Guest, Rsvp
from webapp.groups.models import APPROVE, MEMBER, Membership
from webapp.invitations import access, inviting, opt_outs
from webapp.invitations.models import GroupInvitation
from webapp.moderation.notifications import way_to
from webapp.notifications import notification_types, unsubscribe
from webapp.ops.demo import world

#: Parameters for which nothing here has a fitting value: they get the id of something else.
UNKNOWN = (
    *("feed_id", "id", "image_id", "invitation_id", "kind", "link_id", "picture", "sign_in_id"),
    *("size", "user_id"),
)


class FormSite(SampleSite):
    """One of everything that can be sent a form, all Ana's: the values for parameters of URLs.

    For tests that send what a field may not hold, over and over. Who gets in, and what a page shows
    to each role, is tested on `sample_site.SampleSite`. `secret`: her cookie's value.
    """

    def __init__(self, app: Any) -> None:
        ana, ben = factories.user("Ana", "Souza", is_admin=True), factories.user("Ben", "Okafor")
        eve, fay, gus = (factories.user(name) for name in ("Eve", "Fay", "Gus"))
        group = world.group(ana, ben, name="Harbour swimmers", join_policy=APPROVE)
        event, draft = (
            world.event(ana, group, title=title, capacity=3, max_plus_ones=2)
            for title in ("Lantern walk", "Draft")
        )
        planning.publish(event, by=ana)
        super().__init__(group, event, event, draft, {"owner": ana, "admin": ana, "member": ben})
        made = things.votes(group, ana, ana)
        self.vote = self.counted_vote = made.pop("vote")
        self.coming_vote, self.invited_vote = made.pop("coming_vote"), made.pop("invited_vote")
        self.secret_vote = asking_in_secret.secret_vote(group, ana)
        self.ids |= made | things.in_group(group, ana, ana, eve, fay)
        self.ids |= things.at_event(event, ana, ana, eve, gus)
        self.ids |= things.feeds(group, ana, ana)
        self.cases = things.cases(group, event, ben, ana, ben)
        wish = Rsvp(event_id=event.id, user_id=eve.id, state=ASKED)
        self.guest = Guest(event_id=event.id, name="Gil", email="gil@example.org")
        db.session.add_all([wish, self.guest])
        membership = db.session.query(Membership).filter_by(group_id=group.id, user_id=ben.id).one()
        inviting.invite(group, ana, inviting.Invited(["hal@example.org"], MEMBER))
        self.invited = db.session.query(GroupInvitation).filter_by(email="hal@example.org").one()
        event_inviting.invite(event, ana, ["ivy@example.org"])
        self.event_invited = db.session.query(EventInvitation).one()
        link = emailed_links.current_or_new(ana, emailed_links.RESET)
        self.ids |= dict.fromkeys(UNKNOWN, link.id)
        self.ids |= things.ids(
            {"rsvp_id": wish, "membership_id": membership, "invited_id": self.invited}
        )
        self.handle = ben.handle
        self.ids |= {
            "handle": ben.handle,
            "handle_of_a_member": ben.handle,
            "token": emailed_links.token(link),
            "page": "terms",
            "thing_id": event.id,
        }
        self.kind = notification_types.NOTIFICATION_TYPES["event.published"]
        self.secret = sign_ins.create_for(ana, app.config, device="Tests")
        #: The forms of each page for Ana and for visitors, by their action.
        self.forms: dict[tuple[str, bool], dict[str, Any]] = {}
        db.session.commit()
        self.tab = Browser.with_secret(app, self.secret)
        self.tab.csrf_token()

    def path_of(self, rule: Any) -> str:
        """Return the rule's URL; links in emails are valid, and forms for something new are for the
        group.
        Raises KeyError for an unknown parameter.
        """
        path = self._in_an_email(rule) or self.path(rule)
        if rule.rule == "/votes":
            path += "?kind=date"
        asks = ("/events/new", "/votes/new", "/votes/new/<kind>", "/events", "/votes")
        mark = "&" if "?" in path else "?"
        return path + (f"{mark}group={self.group.slug}" if rule.rule in asks else "")

    def value(self, rule: Any, name: str) -> Any:
        """Return the value of one parameter; `kind` is a date poll."""
        if name == "kind" and rule.endpoint.startswith("votes."):
            return "date"
        if rule.endpoint.startswith("site_queue."):
            return {"pile": "emails", "what": "removal"}[name]
        return super().value(rule, name)

    def _in_an_email(self, rule: Any) -> str:
        """Return the link that the email contains, or "" if no email has this rule's."""
        ben = self.people["member"]
        if rule.endpoint.startswith("unsubscriptions."):
            proof = unsubscribe.url(ben, self.kind).rpartition("/")[2]
            values = {"user_id": ben.id, "kind": self.kind.name, "token": proof}
            return rule.build(values)[1]
        if rule.rule.startswith("/invitations/<"):
            proof = access.token(self.invited)
            return rule.build({"invitation_id": self.invited.id, "token": proof})[1]
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
        if "case_id" in rule.arguments and "token" in rule.arguments:
            case = self.cases[rule.endpoint.split(".")[0]]
            return rule.build({"case_id": case.id, "token": way_to(case).rpartition("/")[2]})[1]
        return ""
