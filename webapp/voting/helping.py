"""Pages of help about votes: one that helps to choose a kind, one a kind, each with an example that
is counted there, and one on secret votes."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..core import help
from . import showing, tally
from .explained import EXPLAINED, slug_of
from .explained.examples import EXAMPLES
from .methods import METHODS
from .models import APPROVAL, DATE, DOTS, IRV, PROPOSAL, SCHULZE, SCORE, SINGLE, STAR, STV
from .showing.ballots import in_words

CHOOSING = "votes"
SECRET = "secret-votes"


def register() -> None:
    """The pages exist."""
    title, summary = (
        _l("Which kind of vote?"),
        _l("Ten ways to ask a group a question, and how to choose one."),
    )
    help.add(
        help.Topic(
            CHOOSING,
            title,
            summary,
            "voting/help/choosing.html",
            section="votes",
            context=_choosing,
        )
    )
    help.add(*(_topic(kind) for kind in EXPLAINED))
    secret = _l(
        "No name is kept with a ballot, a key finds it again, and anybody can count: how that "
        "works, and where it ends."
    )
    help.add(
        help.Topic(SECRET, _l("Secret votes"), secret, "voting/help/secret.html", CHOOSING, "votes")
    )


def _topic(kind: str) -> help.Topic:
    it = EXPLAINED[kind]
    context = lambda: _kind(kind)  # noqa: E731
    return help.Topic(
        slug_of(kind), it.title, it.summary, "voting/help/kind.html", CHOOSING, "votes", context
    )


def _choosing() -> dict[str, Any]:
    """The kinds, by what one wants to find out."""
    wishes = [
        (_("Do we do this, yes or no?"), (PROPOSAL,)),
        (_("Which of these?"), (SINGLE, APPROVAL, SCORE, STAR)),
        (_("Which of these, where the order of preference matters?"), (IRV, SCHULZE)),
        (_("Who gets these seats?"), (STV,)),
        (_("What first, and how much of each?"), (DOTS,)),
        (_("When do we meet?"), (DATE,)),
    ]
    listed = [
        (words, [(slug_of(kind), METHODS[kind].name, EXPLAINED[kind]) for kind in kinds])
        for words, kinds in wishes
    ]
    return {"wishes": listed}


def _kind(kind: str) -> dict[str, Any]:
    """What the page of a kind says, with its example counted."""
    example = EXAMPLES[kind]
    question = example.question(kind)
    outcome = tally.count(example.ballots, question.rules)
    cast = [(in_words(question, choice), times) for choice, times in example.ballots]
    return {"it": EXPLAINED[kind], "cast": cast, "shown": showing.shown(question, outcome)}
