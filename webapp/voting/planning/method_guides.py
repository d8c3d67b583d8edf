"""Help pages about votes: how to choose a kind, one page for each kind, and secret votes.

A kind's page shows an example that is counted whenever the page is rendered.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from ...core.i18n import enumerated
from ...core.ui import help
from .. import tally
from ..results import result_views
from ..results.question import ballot_in_words
from ..tally.rules import KINDS
from . import guides_to_others, guides_to_rankings, guides_to_sums
from .guides_to_sums import WISHES, MethodGuide
from .methods import METHODS

#: Kind -> its guide, in the order of the form.
GUIDES: dict[str, MethodGuide] = {
    kind: {**guides_to_sums.SUMS, **guides_to_rankings.RANKINGS, **guides_to_others.OTHERS}[kind]
    for kind in METHODS
}


def slug_of(kind: str) -> str:
    """Return the slug of a kind's page below `/help/`."""
    return f"votes-{kind}"


CHOOSING = "votes"
SECRET = "secret-votes"


def register() -> None:
    """Add the help pages."""
    title, summary = (
        _l("Which kind of vote?"),
        _l("The ways to ask a group something, and how to choose one."),
    )
    help.add(
        help.HelpTopic(
            CHOOSING,
            title,
            summary,
            "voting/help/choosing.html",
            section="votes",
            context=_choosing,
        )
    )
    help.add(*(_topic(kind) for kind in GUIDES))
    secret = _l(
        "Ballots are stored without names; your key finds yours again. With five or more "
        "ballots, everyone can check the count."
    )
    help.add(
        help.HelpTopic(
            SECRET, _l("Secret votes"), secret, "voting/help/secret.html", CHOOSING, "votes"
        )
    )


def _topic(kind: str) -> help.HelpTopic:
    it = GUIDES[kind]
    context = lambda: _kind(kind)  # noqa: E731
    return help.HelpTopic(
        slug_of(kind), it.title, it.summary, "voting/help/kind.html", CHOOSING, "votes", context
    )


def _choosing() -> dict[str, Any]:
    """The kinds by what people want to find out, and those that can require a majority."""
    listed = [
        (
            str(wish),
            [
                (slug_of(kind), METHODS[kind].name, guide)
                for kind, guide in GUIDES.items()
                if guide.wish is wish
            ],
        )
        for wish in WISHES
    ]
    majority = [f"“{METHODS[kind].name}”" for kind, one in KINDS.items() if one.has_threshold]
    return {"wishes": listed, "with_majority": enumerated(majority)}


def _kind(kind: str) -> dict[str, Any]:
    """The guide of a kind, with its example counted."""
    example = GUIDES[kind].example
    question = example.question(kind)
    outcome = tally.count(example.ballots, question.rules)
    cast = [(ballot_in_words(question, choice), times) for choice, times in example.ballots]
    return {"it": GUIDES[kind], "cast": cast, "shown": result_views.view_of(question, outcome)}
