"""What a personal data export holds about votes."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about
from ..core.extensions import db
from ..core.jobs.fan_out import FanOut
from ..events.models import Event
from ..groups.models import Group
from .ballots import ballot_texts
from .models import Ballot, Invitee, Option, SecretRoll, Statement, Vote, Voter

_INSIDE = {
    "id": "names nothing outside of this site",
    "user_id": "the person themselves",
    "vote_id": "its title is given instead",
}
_INSIDE_ROLL = {name: _INSIDE[name] for name in ("user_id", "vote_id")}
_COUNTED = dict.fromkeys(("roll_count", "ballot_count", "left_count"), "counts other people")

_OF_A_VOTE = {
    **_COUNTED,
    "id": _INSIDE["id"],
    "author_id": "the person themselves",
    "group_id": "its name is given instead",
    "event_id": "its title is given instead",
    "seed": "orders ties, and is told to nobody before the end",
    "lot_secret": "orders ties, and is told to nobody before the end",
    "lot_commitment": "is on the vote's page for everyone who sees it",
    "version": "counts changes",
    "thread_id": "its own words go along with the conversations",
    "finding": "counts other people",
    "opening": "repeats what is here",
    "hidden_by_id": "the person who did it",
}


def add(user: User, parts: PersonalData) -> None:
    """Add the votes they started with their options, the electoral rolls they are on, and their
    ballots in words.
    """
    vote = {"vote": about(Vote, "vote_id", "title")}
    parts.add(
        _questions(user),
        JsonFile(
            "options",
            Option,
            Option.vote_id.in_(sa.select(Vote.id).where(Vote.author_id == user.id)),
            columns=("number", "title", "description", "starts_at", "ends_at", "created_at"),
            left_out={"id": _INSIDE["id"], "vote_id": _INSIDE["vote_id"]},
            more=vote,
        ),
        JsonFile(
            "rolls",
            Voter,
            Voter.user_id == user.id,
            ("created_at", "left_at", "left_by_choice"),
            _INSIDE,
            vote,
        ),
        JsonFile(
            "ballots",
            Ballot,
            Ballot.user_id == user.id,
            columns=("choice", "reason", "created_at", "changed_at"),
            left_out=_INSIDE,
            more={**vote, "chosen": _chosen},
        ),
        JsonFile(
            "secret_rolls",
            SecretRoll,
            SecretRoll.user_id == user.id,
            ("voted",),
            _INSIDE_ROLL,
            vote,
        ),
        *_running(user),
    )


def _running(user: User) -> list[JsonFile]:
    """The invitations they gave and received, the outcomes they wrote, and the reminders
    they sent.
    """
    vote = {"vote": about(Vote, "vote_id", "title")}
    own = {"id": _INSIDE["id"], "vote_id": _INSIDE["vote_id"], "by_id": "the person who did it"}
    said = ("body", "review_on", "created_at", "changed_at")
    kept = {**own, "reminded_at": "how far the site has come", "version": "counts changes"}
    created = {
        "id": _INSIDE["id"],
        "subject_id": _INSIDE["vote_id"],
        "by_id": "the person themselves",
        "reminder_for": "only the site's own reminders have one",
        **dict.fromkeys(
            ("due_at", "after", "done", "begun_at", "ended_at"), "how far the site has come"
        ),
    }
    return [
        JsonFile(
            "vote_invitations",
            Invitee,
            Invitee.user_id == user.id,
            ("created_at",),
            {**own, **_INSIDE},
            vote,
        ),
        JsonFile("vote_outcomes", Statement, Statement.by_id == user.id, said, kept, vote),
        JsonFile(
            "vote_notices",
            FanOut,
            sa.and_(FanOut.by_id == user.id, FanOut.kind.startswith("vote.")),
            ("kind", "created_at"),
            created,
            {"vote": about(Vote, "subject_id", "title")},
        ),
    ]


_SHOWN_OF_A_VOTE = (
    "slug",
    "title",
    "description",
    "kind",
    "choices_min",
    "choices_max",
    "zone",
    "opens_at",
    "closes_at",
    "opened_at",
    "closed_at",
    "cancelled_at",
    "cancelled_reason",
    "results",
    "electorate",
    "created_at",
    "deleted_at",
    "hidden_at",
    "seats",
    "score_max",
    "budget",
    "per_option",
    "spend_all",
    "blocks",
    "quorum",
    "threshold_of",
    "threshold_part",
    "threshold_whole",
    "threshold_strict",
    "reasons",
    "is_anonymous",
    "is_secret",
    "roll_at",
    "leavers",
    "roles",
    "event_scheduled_at",
)


def _questions(user: User) -> JsonFile:
    return JsonFile(
        "votes",
        Vote,
        Vote.author_id == user.id,
        columns=_SHOWN_OF_A_VOTE,
        left_out=_OF_A_VOTE,
        more={
            "group": about(Group, "group_id", "name"),
            "event": about(Event, "event_id", "title"),
        },
    )


def _chosen(ballot: Ballot) -> str:
    return ballot_texts.chosen(db.session.get_one(Vote, ballot.vote_id), ballot.choice)
