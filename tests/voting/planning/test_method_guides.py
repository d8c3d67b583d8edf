"""The guides to voting methods: one for each kind, with an example counted by the site."""

import pytest

from webapp.core.ui import help
from webapp.voting.planning.method_guides import GUIDES, slug_of
from webapp.voting.tally.rules import KINDS


def test_every_kind_has_a_guide_linked_from_the_overview(visitor):
    assert tuple(GUIDES) == tuple(KINDS)
    visitor.get("/help/votes")

    for kind in KINDS:
        assert visitor.page.find("a", href=f"/help/{slug_of(kind)}"), kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_guide_counts_its_example(visitor, kind):
    assert visitor.get(f"/help/{slug_of(kind)}").status_code == 200

    assert visitor.page.h1.get_text() == str(GUIDES[kind].title)
    assert visitor.page.select("ol.prose li")
    assert visitor.page.select("[aria-labelledby=example] .bars li")
    assert not visitor.page.select("form[method=post]")
    assert "Set-Cookie" not in visitor.answer.headers


def test_guide_examples_match_their_text(visitor):
    visitor.get("/help/votes-irv")
    assert "Knoxville was chosen, with 58 of the 100 ballots that still counted." in visitor.text
    visitor.get("/help/votes-schulze")
    assert "Nashville was chosen: it beats every other option head to head." in visitor.text


def test_help_lists_its_topics_and_unknown_ones_give_404(visitor):
    visitor.get("/help")
    assert {link["href"] for link in visitor.page.select("main a")} >= {
        f"/help/{slug}" for slug in help.TOPICS
    }
    assert visitor.get("/help/nothing").status_code == 404
    assert visitor.get("/").status_code == 200
    assert visitor.page.find("a", href="/help")
