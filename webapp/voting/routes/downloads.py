"""Downloads of a closed vote."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.permissions import permission
from ...core.text import csv_download
from .. import access
from ..models import Vote
from ..results import downloads
from ..results.downloads import Files
from ..secret import bundle as taking

bp = Blueprint("vote_downloads", __name__, url_prefix="/votes/<slug>")


@bp.get("/ballots.csv")
@permission("vote:download")
def ballots(slug: str) -> ResponseReturnValue:
    """Export a row for each ballot."""
    vote = _counted(slug, lambda files: files.has_ballots)
    return csv_download.download(f"{vote.slug}-ballots", downloads.ballots(vote))


@bp.get("/rounds.csv")
@permission("vote:download")
def rounds(slug: str) -> ResponseReturnValue:
    """Export a row for each option in each round."""
    vote = _counted(slug, lambda files: files.has_rounds)
    return csv_download.download(f"{vote.slug}-rounds", downloads.rounds(vote))


@bp.get("/ballots.blt")
@permission("vote:download")
def election(slug: str) -> ResponseReturnValue:
    """Export the ballots for election software."""
    vote = _counted(slug, lambda files: files.has_blt)
    return _file(vote, downloads.election(vote), "text/plain", "ballots.blt")


@bp.get("/outcome.json")
@permission("vote:download")
def outcome(slug: str) -> ResponseReturnValue:
    """Export the rules and the outcome for programs."""
    vote = _counted(slug)
    return _file(
        vote,
        json.dumps(downloads.outcome(vote), ensure_ascii=False, indent=1),
        "application/json",
        "outcome.json",
    )


@bp.get("/ballots.zip")
@permission("vote:download")
def bundle(slug: str) -> ResponseReturnValue:
    """Download everything that verifies a secret vote: ballots, opening, chain, program."""
    vote = _counted(slug, lambda files: files.has_bundle)
    return _file(vote, taking.bundle_of(vote), "application/zip", "ballots.zip")


def _counted(slug: str, has: Callable[[Files], bool] = lambda _files: True) -> Vote:
    """The vote, if the reader may download its ballots and it has this file; otherwise 404."""
    vote = access.vote_for(current_user, slug)
    return (
        vote
        if access.can_take(current_user, vote) and has(downloads.files_of(vote))
        else abort(404)
    )


def _file(vote: Vote, body: str | bytes, kind: str, name: str) -> Any:
    response = Response(body, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{vote.slug}-{name}"'
    return response
