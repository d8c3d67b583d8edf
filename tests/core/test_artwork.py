import re
from collections import Counter
from uuid import UUID
from xml.etree import ElementTree

import pytest

from webapp.config import ROOT
from webapp.core.ui.artwork import (
    HUES,
    LIGHTS,
    NIGHT,
    SCENES,
    SCENES_OF_TOPICS,
    apart,
    arts_for,
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


def test_a_topic_chooses_the_scene_and_the_id_another():
    assert arts_for(42, "food-and-gardens", 14)[0][0] == "table"
    assert arts_for(42, "our-own-music", 14)[0][0] == "strings"
    assert arts_for(42, "something-else", 14) == arts_for(42, "", 14) == arts_for(42, None, 14)
    assert [light for _scene, light in arts_for(42, "trees", 22)] == list(NIGHT)


@pytest.mark.parametrize("hour", range(24))
def test_it_is_night_on_a_cover_only_when_it_is_night(hour):
    found = {art for number in range(300) for art in arts_for(number, None, hour)}
    is_night = hour < 5 or hour >= 21
    assert all((light in NIGHT) == is_night for _scene, light in found)
    assert is_night or "stars" not in {scene for scene, _light in found}
    assert len({scene for scene, _light in found}) >= 7


def test_covers_of_a_list_differ_in_scene_then_in_light():
    alike = [arts_for(7, None, 14)] * 17
    chosen = apart(alike)
    assert len({scene for scene, _light in chosen[:7]}) == 7
    assert len(set(chosen[:14])) == 14
    assert set(chosen[14:]) == {alike[0][0]}


def test_a_chosen_scene_stays_in_a_list():
    assert [scene for scene, _light in apart([arts_for(1, "table", 14)] * 3)] == ["table"] * 3


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


SHAPE = re.compile(r"([^{}]*)\{([^{}]*border-radius: (?:var\(--stone\)|50% 50%)[^{}]*)\}")
SIZE = re.compile(r"(?:\bwidth|--size): ([\d.]+)rem")


def test_shapes_of_less_than_24_px_are_round():
    rules = "".join(path.read_text() for path in (ROOT / "static/css").glob("*.css"))
    stones = {
        rule.strip().splitlines()[-1].strip(): [float(size) for size in SIZE.findall(styles)]
        for rule, styles in SHAPE.findall(rules)
        if "--stone:" not in styles
    }
    stones[".av"] += [float(size) for size in re.findall(r"\.av[^{}]*--size: ([\d.]+)rem", rules)]
    assert len(stones) >= 4
    assert {
        rule: sizes for rule, sizes in stones.items() if any(size < 1.5 for size in sizes)
    } == {}
