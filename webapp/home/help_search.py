"""Search through the pages of help: each is drawn once in a language, and its words are kept."""

import re
from typing import NamedTuple

from flask import render_template
from flask_babel import get_locale
from markupsafe import Markup

from ..core.text import search
from ..core.ui import help

#: What a page is worth that has a word in its title, in its summary, in its text.
WORTH = (9, 3, 1)
_SENTENCE = re.compile(r"(?<=[.!?]) ")
_BLOCK = re.compile(r"<(?:/?(?:p|li|dt|dd|h\d|td|th|div|section|span)\b)[^>]*>")


class Words(NamedTuple):
    """What a page says: as search compares it, line by line (title, summary, text), and in
    sentences.
    """

    lines: tuple[str, ...]
    sentences: list[str]


class Hit(NamedTuple):
    """A page that was found, and a sentence of it that says why."""

    topic: help.HelpTopic
    sentence: str


#: (slug, language) -> what its page says; there are only so many of both
_KEPT: dict[tuple[str, str], Words] = {}


def find(typed: str) -> list[Hit]:
    """The pages that have words which begin like each of those that were typed, the best first;
    none for nothing.
    """
    terms = search.parse_terms(typed).words
    if not terms:
        return []
    ranked = [(_worth(_words_of(topic), terms), topic) for topic in help.TOPICS.values()]
    best = sorted((pair for pair in ranked if pair[0]), key=lambda pair: -pair[0])
    return [Hit(topic, _sentence(topic, terms)) for _worth_of_it, topic in best]


def _words_of(topic: help.HelpTopic) -> Words:
    key = topic.slug, str(get_locale())
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
    """0 unless every word is somewhere."""
    each = [
        sum(worth for worth, line in zip(WORTH, words.lines, strict=True) if f" {term}" in line)
        for term in terms
    ]
    return sum(each) if all(each) else 0


def _sentence(topic: help.HelpTopic, terms: tuple[str, ...]) -> str:
    """The sentence with most of the words; the summary where it says as much."""
    sentences = [str(topic.summary), *_words_of(topic).sentences]
    return max(
        sentences,
        key=lambda sentence: sum(
            f" {term}" in f" {search.search_text_of(sentence)}" for term in terms
        ),
    )
