"""Canonical JSON: one text for each value, and hashes that others can reproduce."""

import json
import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from webapp.voting.secret.canonical_json import Malformed, canon, digest

pytestmark = pytest.mark.any_database

texts = st.text(st.sampled_from('aZ"\\\n\x7f\u2028éÅＡ😀\u0301\u030a'), max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcdé"), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_keys_are_sorted_and_no_whitespace_is_written():
    assert (
        canon({"b": [1, True, None], "a": {"z": "é", "Z": -1}})
        == '{"a":{"Z":-1,"z":"é"},"b":[1,true,null]}'
    )


def test_equivalent_unicode_has_one_form():
    assert canon({"Bén": "Å"}) == canon({"Be\u0301n": "A\u030a"}) == '{"Bén":"Å"}'


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {1: 2}, {"a": 0.5}, [{1}], b"x", {"é": 1, "e\u0301": 2}]
)
def test_values_without_a_canonical_form_are_refused(value):
    with pytest.raises(Malformed):
        canon(value)


def test_lone_surrogates_cannot_be_hashed():
    with pytest.raises(ValueError, match="surrogates"):
        digest("a", canon("\ud800"))


@settings(max_examples=60)
@given(plain)
def test_canonical_json_survives_reading_and_writing(value):
    said = canon(value)

    assert said == unicodedata.normalize("NFC", said)
    assert canon(json.loads(said)) == said


def test_hashes_of_different_tags_differ():
    assert digest("a", "b\nc") != digest("a\nb", "c\n") != digest("b", "b\nc")
    assert digest("folkmoot-open-1", '{"poll":"p1","seats":1}').startswith("389bea95")
