"""Search in help pages: each is rendered once per language, and its words are cached."""

import re
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup

from ..core import i18n
from ..core.text import search
from ..core.ui import help

#: The score of a word in the title, in the summary, in the text.
WORTH = (9, 3, 1)
_SENTENCE = re.compile(r"(?<=[.!?]) ")
_BLOCK = re.compile(r"<(?:/?(?:p|li|dt|dd|h\d|td|th|div|section|span)\b)[^>]*>")


class Words(NamedTuple):
    """A page's words for the search, by line (title, summary, text), and its sentences."""

    lines: tuple[str, ...]
    sentences: list[str]


class Hit(NamedTuple):
    """A page that was found, and a sentence of it with the words."""

    topic: help.HelpTopic
    sentence: str


#: (slug, language) -> the page's words; their number is bounded
_KEPT: dict[tuple[str, str], Words] = {}


def find(typed: str) -> list[Hit]:
    """Return the pages that contain words starting with each of those typed, best first.

    Return none if nothing was typed.
    """
    terms = search.parse_terms(typed).words
    if not terms:
        return []
    ranked = [(_worth(_words_of(topic), terms), topic) for topic in help.TOPICS.values()]
    best = sorted((pair for pair in ranked if pair[0]), key=lambda pair: -pair[0])
    return [Hit(topic, _sentence(topic, terms)) for _worth_of_it, topic in best]


def _words_of(topic: help.HelpTopic) -> Words:
    key = topic.slug, i18n.locale_code()
    if key not in _KEPT:
        page = render_template(
            topic.template, topic=topic, parent=None, frame="help/bare.html", **topic.context()
        )
        blocks = [Markup(block).striptags() for block in _BLOCK.split(page)]
        lines = search.search_text_of(str(topic.title), str(topic.summary), " ".join(blocks)).split(
            search.BREAK
        )
        sentences = [sentence for block in blocks if block for sentence in _SENTENCE.split(block)]
        _KEPT[key] = Words(tuple(f" {line}" for line in lines[:3]), sentences)
    return _KEPT[key]


def _worth(words: Words, terms: tuple[str, ...]) -> int:
    """Return the score; 0 unless every word occurs."""
    each = [
        sum(worth for worth, line in zip(WORTH, words.lines, strict=True) if f" {term}" in line)
        for term in terms
    ]
    return sum(each) if all(each) else 0


def _sentence(topic: help.HelpTopic, terms: tuple[str, ...]) -> str:
    """Return the sentence with most of the words; the summary if it has as many."""
    sentences = [str(topic.summary), *_words_of(topic).sentences]
    return max(
        sentences,
        key=lambda sentence: sum(
            f" {term}" in f" {search.search_text_of(sentence)}" for term in terms
        ),
    )
