"""The lists of votes, a vote's page with its comments, and its form."""

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_login import current_user

from ...accounts import loader
from ...conversation.routes import comments, thread_page
from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import page_number, redirect_303, render_page, wanted_fragment
from ...core.http.permissions import actor, loaded_again, opens, signed_in
from ...core.http.submit import done
from ...events import access as events
from ...events.models import Event
from ...groups import access as groups
from ...groups.models import Group
from ...people import reads as presence
from .. import access, live, reads
from ..ballots import ballot_comments, ballot_texts
from ..comments import VoteContainer
from ..electorate import electorates, invitees, reminders
from ..forms.ballots import BallotForm
from ..forms.initial import in_words
from ..forms.votes import VoteForm
from ..models import INVITED, Vote
from ..planning import defaults, votes
from ..planning.lifecycle import NobodyElse
from ..planning.methods import METHODS
from ..planning.plan import zone_of
from ..results import counting, outcomes, quorum_text, result_views, schedule_event
from ..results.question import ballot_in_words
from ..secret import reads as secret
from ..tally.rules import SINGLE

#: How many comments on ballots the vote's page shows; all of them have their own page.
COMMENTS_SHOWN = 6


def parts(vote: Vote, user: Any) -> dict[str, Any]:
    """Return what the page's fragments show: outcome, comments on ballots, and the event."""
    return {
        "statement": outcomes.of(vote) if vote.is_counted else None,
        "grounds": ballot_comments.page_of(vote, size=COMMENTS_SHOWN)
        if ballot_comments.are_visible(user, vote)
        else None,
        "electorates": electorates,
        "say": ballot_texts.chosen,
        "event": _event(vote, user),
        "may_schedule": schedule_event.is_to_do(vote)
        and schedule_event.may_be(vote)
        and schedule_event.may(user, vote),
    }


def beside(vote: Vote, user: Any, may: frozenset[str]) -> dict[str, Any]:
    """Return what only the whole page shows: the discussion, and what an organizer can do now."""
    shown: dict[str, Any] = {"talk": thread_page.comments_block(VoteContainer(vote), user)}
    if "vote:invite" in may:
        shown |= {
            "may_invite": invitees.may_change(vote),
            "needs_invitees": electorates.needs_invitees(vote),
        }
    if "vote:remind" in may and vote.is_open and vote.opened_at is not None:
        shown |= {
            "silent": reminders.visible_nonvoter_count(vote, but=user),
            "rests_until": reminders.next_at(vote),
        }
    return shown


def _event(vote: Vote, user: Any) -> Event | None:
    """The vote's event, if `user` may know of it: not someone else's draft or hidden event."""
    event = vote.event
    return (
        event
        if event is not None and (events.is_announced(event) or events.may_see(user, event))
        else None
    )


bp = Blueprint("votes", __name__)

PARTS = {
    "status": "voting/_status.html",
    "ballot": "voting/_ballot.html",
    "results": "voting/_results.html",
    "outcome": "voting/_outcome.html",
    # the next two come with the results; pages opened before an upgrade request them alone
    "turnout": "voting/_turnout.html",
    "reasons": "voting/_reasons.html",
    "here": "people/_here.html",
}


@bp.get("/votes")
@signed_in
def index() -> ResponseReturnValue:
    """List votes to do, open, coming and closed, in all of the reader's groups or in one."""
    slug = request.args.get("group", "")
    group = groups.group_for(current_user, slug) if slug else None
    tab = request.args.get("tab", reads.OPEN)
    tab = tab if tab in reads.TABS else reads.OPEN
    return render_page(
        "voting/index.html",
        {"votes": "voting/_votes.html"},
        listing=reads.listed(current_user, tab, page_number(), group),
        tab=tab,
        to_do=reads.to_do_count(current_user),
        group=group,
        may=groups.actions_of(current_user, group) if group else frozenset(),
        may_create=access.can_create(current_user, group)
        if group
        else access.creates_somewhere(current_user),
    )


def _place(user: Any, action: str) -> tuple[Group, Event | None]:
    """The group, and the event if any, in the query string."""
    group = groups.group_to(user, action, request.args.get("group", ""))
    slug = request.args.get("event", "")
    if not slug:
        return group, None
    event = events.event_for(user, slug)
    return group, event if event.group_id == group.id else abort(404)


def _place_if_chosen(user: Any, action: str) -> tuple[Group | None, Event | None]:
    return _place(user, action) if request.args.get("group") else (None, None)


@bp.get("/votes/new")
@opens(_place_if_chosen, "group:create_vote")
def new(group: Group | None, event: Event | None) -> ResponseReturnValue:
    """Show the form for a new vote of the kind that the group usually asks."""
    if group is None:
        return _choice_of_group()
    values = defaults.form_values(group, zone_of(group, event))
    return _planned(group, event, values.get("kind", SINGLE))


@bp.get("/votes/new/<kind>")
@opens(_place_if_chosen, "group:create_vote")
def plan(group: Group | None, event: Event | None, kind: str) -> ResponseReturnValue:
    """Show the form for a new vote of this kind."""
    return _planned(group, event, kind)


@bp.post("/votes/new/<kind>")
@opens(_place_if_chosen, "group:create_vote")
def change_kind(group: Group | None, event: Event | None, kind: str) -> ResponseReturnValue:
    """Show what was entered for a vote of another kind in the form for this kind."""
    return _planned(group, event, kind)


def _planned(group: Group | None, event: Event | None, kind: str) -> ResponseReturnValue:
    if kind not in METHODS:
        abort(404)
    if group is None:
        return _choice_of_group(kind)
    zone = zone_of(group, event)
    return _form_page(
        VoteForm(kind, zone, event, entered=defaults.form_values(group, zone)), group, event
    )


@bp.post("/votes")
@opens(_place, "group:create_vote")
def create(group: Group, event: Event | None) -> ResponseReturnValue:
    """Create a vote, opened at once if its author chooses."""
    kind = request.args.get("kind", "")
    form = VoteForm(kind if kind in METHODS else abort(404), zone_of(group, event), event)
    if not form.validate():
        return _form_page(form, group, event, status=422)
    try:
        vote, is_new = idempotency.create_once(
            Vote,
            actor(),
            lambda id: votes.create(
                group, actor(), form.plan(), event, id, alone=form.may_be_alone
            ),
        )
    except NobodyElse:
        db.session.rollback()
        group, event = loaded_again()
        return _form_page(form, group, event, status=422, is_alone=True)
    except UserError as broken:
        db.session.rollback()
        group, event = loaded_again()
        return _form_page(form.refuse(broken), group, event, status=broken.status)
    if is_new:
        put = _("Vote opened. We’ll tell everyone who can vote.")
        flash(put if vote.opened_at else _("Vote planned. We’ll tell people when it opens."))
    if vote.electorate == INVITED and vote.opened_at is None:
        return redirect_303(url_for("invitees.edit", slug=vote.slug))
    return redirect_303(url_for("votes.show", slug=vote.slug))


@bp.get("/votes/<slug>")
@opens(access.listed_vote_to, "vote:view")
def show(vote: Vote) -> ResponseReturnValue:
    """Show a vote: the question, the ballot, and the results that this person may see."""
    if vote.hidden_at is not None:
        return render_page("voting/hidden.html", {}, vote=vote, may_hide=bool(actor().is_admin))
    if vote.is_secret and vote.is_open:
        loader.skip_last_seen()  # someone who just changed a ballot arrives here
    if wanted_fragment() == "here":
        return render_page(
            "voting/show.html", PARTS, vote=vote, present=_who_is_here(vote) or abort(404)
        )
    return vote_page(vote)


def _who_is_here(vote: Vote) -> presence.Here | None:
    return (
        presence.here(actor(), live.topic_of(vote), vote.path)
        if live.may_show_readers(vote)
        else None
    )


def vote_page(vote: Vote, form: BallotForm | None = None, status: int = 200) -> ResponseReturnValue:
    """Render a vote's page for the reader, or the requested fragment."""
    voter_state = reads.voter_state(current_user, vote)
    fragment = wanted_fragment()
    sent = request.headers.get("HX-Source", "").partition("#")[0] in ("form", "button")
    return render_page(
        "voting/show.html",
        PARTS,
        status=status,
        vote=vote,
        voter_state=voter_state,
        result_now=lambda: result_views.result_for(
            current_user, vote
        ),  # counted only for the fragment that shows it
        lot_now=lambda: counting.lot_of(vote),
        in_words=ballot_in_words,
        marks=ballot_texts,
        terms=quorum_text,
        method=METHODS[vote.kind],
        form=form
        or (BallotForm(vote, voter_state.ballot) if fragment in (None, "ballot") else None),
        just_cast=sent and form is None,
        present=_who_is_here(vote) if fragment is None else None,
        may_hide=bool(actor().is_admin) and vote.author_id != actor().id,
        restores=secret.restores(vote)
        if vote.is_secret and vote.opened_at is not None and fragment in (None, "ballot")
        else [],
        head=secret.head(vote)
        if vote.is_secret and vote.opened_at is not None and fragment in (None, "results")
        else "",
        **parts(vote, current_user),
        **(beside(vote, current_user, voter_state.may) if fragment is None else {}),
    )


@bp.get("/votes/<slug>/edit")
@opens(access.vote_to, "vote:edit")
def edit(vote: Vote) -> ResponseReturnValue:
    """Show the form of a vote, or say why nothing can change any more.

    The vote's kind can change until there are ballots.
    """
    refusal = votes.unchangeable_because(vote)
    if refusal is not None:
        return render_page("voting/unchangeable.html", vote=vote, refusal=refusal)
    return _form_page(
        VoteForm(_kind(vote), vote.zone, vote.event, vote), vote.group, vote.event, vote
    )


@bp.post("/votes/<slug>/edit")
@opens(access.vote_to, "vote:edit")
def update(vote: Vote) -> ResponseReturnValue:
    """Change the vote, as far as it still can be."""
    form = VoteForm(_kind(vote), vote.zone, vote.event, vote)
    if not form.validate():
        return _form_page(form, vote.group, vote.event, vote, status=422)
    try:
        votes.update(
            vote, by=actor(), plan=form.plan(), seen=form.seen.data, alone=form.may_be_alone
        )
    except NobodyElse:
        db.session.rollback()
        (vote,) = loaded_again()
        return _form_page(form, vote.group, vote.event, vote, status=422, is_alone=True)
    except UserError as broken:
        db.session.rollback()
        (vote,) = loaded_again()
        form.agree_on(vote)
        return _form_page(form.refuse(broken), vote.group, vote.event, vote, status=broken.status)
    return done(url_for("votes.show", slug=vote.slug), _("Vote saved."))


def _kind(vote: Vote) -> str:
    """The kind in the query string, if there are no ballots yet; otherwise the vote's own."""
    kind = request.args.get("kind", "")
    return kind if kind in METHODS and not vote.is_settled else vote.kind


def _choice_of_group(kind: str | None = None) -> ResponseReturnValue:
    to, askable = "votes.plan" if kind else "votes.new", access.groups_for_votes(current_user)
    if len(askable) == 1:
        return redirect_303(url_for(to, kind=kind, group=askable[0].slug))
    return render_page("voting/choose.html", groups=askable, to=to, kind=kind)


def _form_page(
    form: Any,
    group: Group,
    event: Event | None,
    vote: Vote | None = None,
    status: int = 200,
    is_alone: bool = False,
) -> ResponseReturnValue:
    """Render the vote form. `is_alone`: ask whether to open it although only its author
    could vote.
    """
    shown = {
        "form": form,
        "group": group,
        "event": event,
        "vote": vote,
        "methods": METHODS,
        "method": METHODS[form.kind],
    }
    shown["is_alone"] = is_alone
    if vote is None:
        shown |= {"options": in_words(form), "groups": access.groups_for_votes(current_user)}
    return render_page(
        "voting/form.html",
        {"vote-form": "voting/_vote_form.html"},
        status=status,
        marks=ballot_texts,
        **shown,
    )


comments_bp = Blueprint("vote_comments", __name__, url_prefix="/votes/<slug>/comments")


def _container_to(user: Any, action: str, slug: str) -> VoteContainer:
    return VoteContainer(access.vote_to(user, action, slug))


@comments_bp.get("", endpoint="show")
@opens(_container_to, "vote:view")
def show_comments(container: VoteContainer) -> ResponseReturnValue:
    """Show the comments, a page at a time or what is new."""
    return thread_page.show(container, container.thread())


comments.mount(
    comments_bp, "vote", _container_to, _l("Comments closed. Only moderators can still write here.")
)
