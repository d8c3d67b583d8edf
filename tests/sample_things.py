"""One of everything that a URL can name, for `sample_site` and `form_site`, made by the rules.

Each function returns the ids as parameters of URLs. Rows are only written where rules lead there
only in time, or no longer.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests import images
from tests.voting.kinds import titles
from webapp.agenda import rooms, sessions, speakers, tracks
from webapp.attendance.registration import questions, tickets
from webapp.conversation import post_pictures, threads
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import change_notices, hosts
from webapp.events.comments import EventContainer
from webapp.events.models import EventHost
from webapp.events.models.change_notice import CHANGED
from webapp.groups import categories, memberships, questions as join_questions, reads
from webapp.groups.models import MEMBER, JoinRequest
from webapp.invitations import invite_links
from webapp.moderation.models import Case, Report
from webapp.news import sources
from webapp.news.access import SITE, NewsScope
from webapp.ops.demo import world
from webapp.volunteering import shifts, tasks
from webapp.voting.comments import VoteContainer

ASKED_OF_MEMBERS = {"text": "Why?", "kind": "text", "options": [], "is_required": False}
ASKED_AT_EVENT = {"text": "Why?", "kind": "text", "is_required": False}
TICKET = {"label": "Full", "price": "free", "capacity": None, "opens": None, "closes": None}


def drawing() -> bytes:
    """Return a small picture as a file."""
    return images.encoded(images.drawing((8, 6)), "PNG")


def in_group(group: Any, owner: Any, member: Any, asking: Any, banned: Any) -> dict[str, Any]:
    """Add a question to the group, someone who asked before it, someone banned, a link to join, a
    topic, and a thread with a reply.
    """
    request = JoinRequest(group_id=group.id, user_id=asking.id, message="Please")
    db.session.add(request)
    asked = join_questions.add(group, by=owner, **ASKED_OF_MEMBERS)
    world.join(group, banned)
    memberships.remove(
        reads.membership_of(group, banned), owner, "Noise", banned=True, notify=False
    )
    ban = reads.ban_of(group, banned)
    link = invite_links.make_link(group, owner, MEMBER)
    topic = categories.add(f"Topic of {group.slug}", by=owner)
    thread = threads.start(group, owner, "A thread", "Its first words")
    reply = world.reply(thread, member, "A reply", pictures={"A drawing": drawing()})
    made = {
        "group_id": group,
        "request_id": request,
        "question_id": asked,
        "ban_id": ban,
        "invited_id": link,
        "topic_id": topic,
        "thread_id": thread,
        "reply_id": reply,
    }
    return {**ids(made), "image_of_reply_pictures": picture_of(reply)}


def at_event(event: Any, owner: Any, member: Any, host: Any, invited: Any) -> dict[str, Any]:
    """Add another host and someone invited to be one, a registration form, tasks, an agenda, a
    picture and a file, a comment, and a notice of a change that is due in a moment.
    """
    hosts.ask(event, host.handle, by=owner)
    hosts.accept(event, by=host)
    asked = hosts.ask(event, invited.handle, by=owner)
    question = questions.add(event, by=owner, **ASKED_AT_EVENT)
    ticket = tickets.add(event, by=owner, **TICKET)
    task = tasks.add(event, by=owner, title="Cups")
    span = {"starts": event.starts_wall, "ends": event.ends_wall}
    shift = shifts.add(event, by=owner, title="Door", capacity=1, **span)
    picture, file = world.files(event, owner, {"a.png": drawing(), "note.txt": b"Bring a cup."})
    comment = world.reply(
        EventContainer(event).begin(), member, "Who brings a cup?", pictures={"A cup": drawing()}
    )
    words = {"before": change_notices.schedule_of(event)}
    later = clock.now() + timedelta(minutes=2)
    notice = change_notices.send(event, CHANGED, words=words, due_at=later)
    made = {
        "host_id": db.session.query(EventHost).filter_by(event_id=event.id, user_id=host.id).one(),
        "asked_id": asked,
        "event_question_id": question,
        "ticket_id": ticket,
        "task_id": task,
        "shift_id": shift,
        "picture_id": picture,
        "file_id": file,
        "comment_id": comment,
        "notice_id": notice,
    }
    pictured = {"photo_size": 400, "image_of_event_comments": picture_of(comment)}
    return {**ids(made), **agenda(event), **pictured}


def agenda(event: Any) -> dict[str, Any]:
    """Publish the event's agenda with one of everything."""
    by, span = event.owner, {"starts": event.starts_wall, "ends": event.ends_wall}
    made = {
        "room_id": rooms.add(event, by=by, name="Hall"),
        "track_id": tracks.add(event, by=by, name="Seeds", color="clay"),
        "speaker_id": speakers.add(event, by=by, name="Ifeoma Nwosu"),
    }
    room, track, speaker = ids(made).values()
    plan = sessions.SessionInput(
        "Saving seed", **span, room_id=room, track_id=track, speaker_ids=[speaker]
    )
    made["session_id"] = sessions.add(event, plan, by=by)
    sessions.show(event, by=by)
    return ids(made)


def votes(group: Any, owner: Any, member: Any, others: int = 0) -> dict[str, Any]:
    """Create a vote that is open and has a comment, one that opens later, one with names that is
    counted, one for invited people, and a secret one; return them by what they are.
    """
    options = titles("single")
    vote = world.vote(group, owner, "Vote", options)
    comment = world.reply(
        VoteContainer(vote).begin(), member, "What speaks for it?", pictures={"It": drawing()}
    )
    soon = clock.now() + timedelta(hours=1)
    return {
        "vote": vote,
        "coming_vote": world.vote(group, owner, "Coming", options, opens_at=soon),
        "invited_vote": world.vote(group, owner, "A few", options, electorate="invited"),
        "vote_comment_id": comment.id,
        "image_of_vote_comments": picture_of(comment),
    }


def cases(group: Any, event: Any, author: Any, judged: Any, person: Any) -> dict[str, Any]:
    """Add a case about an event by `author`, for the group's moderators; one about a person, for
    site admins; and a decision about `judged`. Return them by the blueprint that shows them.
    """
    about = {"kind": "event", "thing_id": event.id, "group_id": group.id, "label": "Said"}
    waits = Case(**about, author_id=author.id, open_as=f"event:{event.id}", reporters=1)
    at_site = Case(
        kind="person",
        thing_id=person.id,
        author_id=person.id,
        label="Them",
        open_as=f"person:{person.id}",
    )
    over = {"state": "closed", "outcome": "warned", "closed_at": clock.now()}
    decided = Case(**about, author_id=judged.id, **over)
    db.session.add_all([waits, at_site, decided])
    db.session.flush()
    db.session.add(Report(case_id=waits.id, reporter_kind="visitor", rule="spam"))
    return {"cases": waits, "site_cases": at_site, "decisions": decided, "objections": decided}


def feeds(group: Any, owner: Any, admin: Any) -> dict[str, Any]:
    """Add a feed with news to the group, and one to the site."""
    made = {}
    for where, scope, by in (("", NewsScope(group), owner), ("site_", SITE, admin)):
        source = sources.add(scope, by, f"https://example.org/{group.slug}/feed", "Elsewhere")
        [item] = world.news(source, [{"title": "A word"}])
        made |= {f"{where}source_id": source.id, f"{where}item_id": item.id}
    return made


def ids(made: dict[str, Any]) -> dict[str, Any]:
    """Return the ids of these rows."""
    db.session.flush()
    return {name: row.id for name, row in made.items()}


def picture_of(reply: Any) -> UUID:
    """Return the id of the reply's picture."""
    [picture] = post_pictures.of([reply.id])[reply.id]
    return picture.id
