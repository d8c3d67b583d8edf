"""Groups with each way of joining, and their open requests."""

from datetime import timedelta

from tests import factories
from webapp.conversation import removals, replies, threads
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups import conduct, groups, ownership, questions, requests
from webapp.groups.models import APPROVE, CLOSED, INVITE, MEMBER, Membership
from webapp.invitations import access as invitation_access, invite_links, inviting
from webapp.invitations.models import GroupInvitation
from webapp.news.models import FAILING, GOOD, NewsSource

from . import Look, SampleRows, send_to


def joining(c: SampleRows) -> list[Look]:
    """Groups that are open, on request, with questions, and with a code of conduct."""
    looks = []
    for values in ({}, {"join_policy": APPROVE}, {"join_policy": APPROVE, "visibility": CLOSED}):
        for asks in (False, True):
            group = factories.group(c.owner, **values)
            if asks:
                conduct.write(group, c.owner, "Be kind.")
                for kind, options in (
                    ("text", []),
                    ("choice", ["Kayak", "Canoe"]),
                    ("checkbox", []),
                ):
                    entered = {"text": f"Do you row ({kind})?", "kind": kind, "options": options}
                    questions.add(group, by=c.owner, is_required=True, **entered)
            db.session.commit()
            looks += [Look("stranger", group.path), Look("owner", f"{group.path}/manage/questions")]
    return [*looks, Look("owner", "/account/notifications")]


def waiting(c: SampleRows) -> list[Look]:
    """A request to join; someone invited to own the group; a new code of conduct."""
    group = factories.group(c.owner, c.member, join_policy=APPROVE)
    requests.ask(group, by=c.stranger, message="May I?")
    conduct.write(group, c.owner, "Be kind.")
    membership = (
        db.session.query(Membership).filter_by(group_id=group.id, user_id=c.member.id).one()
    )
    ownership.offer(membership, by=c.owner)
    factories.membership(group, c.organizer, "organizer")
    db.session.commit()
    member = f"{group.path}/members/{membership.id}"
    looks = [Look(role, group.path) for role in ("stranger", "member")]
    looks += [Look("member", f"{group.path}/ownership")]
    looks += [Look("owner", member), Look("owner", f"{group.path}/manage/requests")]
    looks += [Look("owner", f"{group.path}/manage/members")]
    return [*looks, Look("organizer", f"{group.path}/manage/members"), Look("member", "/")]


def deleted(c: SampleRows) -> list[Look]:
    """A group that can be restored."""
    group = factories.group(c.owner)
    groups.delete(group, by=c.owner)
    db.session.commit()
    return [Look("owner", "/groups/deleted")]


def invited(c: SampleRows) -> list[Look]:
    """Invitations by email, to someone with an account and to someone without, and by a link."""
    group = factories.group(c.owner, join_policy=INVITE, visibility=CLOSED)
    conduct.write(group, c.owner, "Be kind.")
    inviting.invite(
        group, c.owner, inviting.Invited([c.stranger.email, "hal@example.org"], "member")
    )
    db.session.commit()
    looks = [Look("stranger", "/invitations"), Look("stranger", "/")]
    for one in db.session.query(GroupInvitation).filter_by(group_id=group.id):
        one.created_at = one.sent_at = clock.now() - timedelta(days=9)
        path = f"/invitations/{one.id}/{invitation_access.token(one)}"
        looks += [Look("stranger", path), Look("visitor", path), Look("visitor", f"{path}/sign-up")]
        looks += [Look("owner", f"{group.path}/manage/invitations/{one.id}")]
    db.session.commit()
    return looks


def inviting_people(c: SampleRows) -> list[Look]:
    """Lists of addresses, one with a likely typo and one without any address; a link for anyone."""
    group = factories.group(c.owner)
    link = invite_links.make_link(group, c.owner, MEMBER)
    db.session.commit()
    looks = [Look(role, invitation_access.path(link)) for role in ("stranger", "visitor")]
    for place in (group, factories.event(c.owner)):
        for words in ("ines@gmial.com", "nonsense"):

            def lists(tab, words=words):
                tab.submit("/invitations/new", addresses=words)

            looks.append(Look("owner", f"{place.path}/manage/invitations/new", lists))
    return looks


def other_views(c: SampleRows) -> list[Look]:
    """Lists of one's own, of decisions, and of one feed; reporting someone met in a group."""
    source = NewsSource(group_id=c.group.id, url="https://example.org/feed", state=GOOD)
    db.session.add(source)
    db.session.commit()
    return [
        Look("member", "/groups?view=mine"),
        Look("owner", f"{c.group.path}/manage/reports?show=closed"),
        Look("member", f"/reports/person/{c.owner.id}"),
        Look("member", f"{c.group.path}/news?source={source.id}"),
    ]


def long_talk(c: SampleRows) -> list[Look]:
    """A thread of two pages: a reply from the first; a changed title; an empty preview."""
    thread = threads.start(c.group, c.owner, "A thread", "Its first words")
    for number in range(25):
        reply = replies.add(thread, c.member, f"Reply {number}")
    db.session.commit()
    path = f"{c.group.path}/conversation/{thread.id}"
    first = db.session.query(type(reply)).filter_by(thread_id=thread.id, number=0).one()

    def looks_at_nothing(tab):
        send_to(tab, f"{path}/replies", "/replies", body="", preview="")

    return [
        Look("member", f"{path}?page=1"),
        Look("member", path, looks_at_nothing),
        Look("owner", f"{path}/replies/{first.id}/edit"),
    ]


def talk(c: SampleRows) -> list[Look]:
    """A pinned and locked thread, with a reply hidden by moderators."""
    thread = threads.start(c.group, c.owner, "A thread", "Its first words")
    reply = replies.add(thread, c.member, "A reply")
    db.session.commit()
    removals.hide(reply, by=c.moderator, reason="Off the point")
    threads.pin(thread, by=c.moderator)
    threads.lock(thread, by=c.moderator)
    db.session.commit()
    path = f"{c.group.path}/conversation/{thread.id}"
    return [Look(role, path) for role in ("owner", "moderator", "member")]


def news(c: SampleRows) -> list[Look]:
    """Feeds that work, and feeds that fail."""
    ago = clock.now() - timedelta(days=2)
    for state, group_id in ((GOOD, c.group.id), (FAILING, None)):
        url = f"https://example.org/{state}"
        db.session.add(
            NewsSource(group_id=group_id, url=url, state=state, checked_at=ago, fetched_at=ago)
        )
    db.session.commit()
    return [Look("owner", f"{c.group.path}/manage/news"), Look("admin", "/admin/news")]


SCENES = [
    joining,
    waiting,
    deleted,
    invited,
    inviting_people,
    other_views,
    talk,
    long_talk,
    news,
]
