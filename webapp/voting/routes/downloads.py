"""Downloads of a closed vote."""

import json
from typing import Any

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from ...core.http.permissions import opens
from ...core.text import csv_download
from .. import access
from ..models import Vote
from ..results import downloads
from ..secret import bundle as taking

bp = Blueprint("vote_downloads", __name__, url_prefix="/votes/<slug>")


def _counted(user: Any, action: str, slug: str) -> Vote:
    """The vote, if the reader may download its ballots; otherwise 404."""
    vote = access.vote_to(user, action, slug)
    return vote if access.can_take(user, vote) else abort(404)


@bp.get("/ballots.csv")
@opens(_counted, "vote:download")
def ballots(vote: Vote) -> ResponseReturnValue:
    """Export a row for each ballot."""
    _require(downloads.files_of(vote).has_ballots)
    return csv_download.download(f"{vote.slug}-ballots", downloads.ballots(vote))


@bp.get("/rounds.csv")
@opens(_counted, "vote:download")
def rounds(vote: Vote) -> ResponseReturnValue:
    """Export a row for each option in each round."""
    _require(downloads.files_of(vote).has_rounds)
    return csv_download.download(f"{vote.slug}-rounds", downloads.rounds(vote))


@bp.get("/ballots.blt")
@opens(_counted, "vote:download")
def election(vote: Vote) -> ResponseReturnValue:
    """Export the ballots for election software."""
    _require(downloads.files_of(vote).has_blt)
    return _file(vote, downloads.election(vote), "text/plain", "ballots.blt")


@bp.get("/outcome.json")
@opens(_counted, "vote:download")
def outcome(vote: Vote) -> ResponseReturnValue:
    """Export the rules and the outcome for programs."""
    return _file(
        vote,
        json.dumps(downloads.outcome(vote), ensure_ascii=False, indent=1),
        "application/json",
        "outcome.json",
    )


@bp.get("/ballots.zip")
@opens(_counted, "vote:download")
def bundle(vote: Vote) -> ResponseReturnValue:
    """Download everything that verifies a secret vote: ballots, opening, chain, program."""
    _require(downloads.files_of(vote).has_bundle)
    return _file(vote, taking.bundle_of(vote), "application/zip", "ballots.zip")


def _require(has_file: bool) -> None:
    if not has_file:
        abort(404)


def _file(vote: Vote, body: str | bytes, kind: str, name: str) -> Any:
    response = Response(body, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{vote.slug}-{name}"'
    return response
