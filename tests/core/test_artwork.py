from collections import Counter
from uuid import UUID
from xml.etree import ElementTree

import pytest

from webapp.config import ROOT
from webapp.core.ui.artwork import (
    HUES,
    LIGHTS,
    SCENES,
    SCENES_OF_TOPICS,
    hue_for,
    initials_of,
    scene_for,
)

pytestmark = pytest.mark.any_database


def test_the_same_id_always_has_the_same_scene_and_hue():
    id = UUID("01980000-0000-7000-8000-00000000002a")
    assert scene_for(id) == scene_for(str(id))
    assert hue_for(id) == hue_for(str(id))


def test_scenes_lights_and_hues_are_spread_evenly():
    drawn = Counter(scene_for(number) for number in range(4800))
    assert len(drawn) == len(SCENES) * len(LIGHTS)
    assert min(drawn.values()) > 50
    assert set(Counter(hue_for(number) for number in range(600))) == set(range(1, HUES + 1))


def test_a_topic_chooses_the_scene_and_the_id_the_light():
    scene, light = scene_for(42, "food-and-gardens")
    assert (scene, light) == ("table", scene_for(42)[1])
    assert scene_for(42, "our-own-music") == ("strings", light)
    assert scene_for(42, "something-else") == scene_for(42, "") == scene_for(42)


def test_every_scene_is_drawn():
    sprite = ElementTree.parse(ROOT / "static/covers.svg").getroot()
    assert {symbol.get("id") for symbol in sprite} == {*SCENES, *SCENES_OF_TOPICS.values()}


def test_initials_are_the_first_letters_of_the_first_and_last_word():
    assert initials_of("Ana Beatriz Souza") == "AS"
    assert initials_of("madonna") == "M"
    assert initials_of("  (Łucja) d'Arc ") == "ŁD"


def test_a_name_without_letters_still_has_a_mark():
    assert initials_of("") == "?"
    assert initials_of("!!! ***") == "?"
