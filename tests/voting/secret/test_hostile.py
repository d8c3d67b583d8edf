"""Hostile files: verify.py fails with a sentence and never with a traceback."""

import copy
import io
import json
import random
import sys

import pytest

from .making import failed

pytestmark = pytest.mark.any_database

#: values in place of others
WRONG = (None, True, 1, -1, 10**16, "\x1b[2J", [], {"": 0})


def places(value, way=()):
    """Yield the path to every nested value."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inner:
        yield (*way, key)
        yield from places(one, (*way, key))


def changed(said, way, value):
    """Return a copy with another value at the end of the path, or without one for `Ellipsis`."""
    found = copy.deepcopy(said)
    inner = found
    for key in way[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value
    return found


def at(said, way):
    for key in way:
        said = said[key]
    return said


def test_every_manifest_value_of_a_wrong_type_is_explained(verify, folder, made):
    file = folder.path / "manifest.json"
    unlike = [
        way
        for way in places(folder.said)
        if not (way[0] == "result" and way[2:]) and way[:2] not in [("chain", 2), ("chain", 3)]
    ]
    for way in unlike:
        for value in (*WRONG, ...):
            if json.dumps(at(folder.said, way)) == ("" if value is ... else json.dumps(value)):
                continue
            file.write_text(json.dumps(changed(folder.said, way, value)))

            said = verify(folder.path)

            assert said.status == 1, (way, value)
            assert failed(said.lines), (way, value)
            assert all(line.isprintable() and len(line) < 300 for line in said.lines), (way, value)


def test_any_changed_byte_of_the_files_is_detected(verify, folder):
    """A random sample, the same in every run. Only changed spaces in JSON make no difference."""
    chance = random.Random(44)
    for name, turns in (("manifest.json", 200), ("ballots.csv", 60)):
        file = folder.path / name
        before = file.read_bytes()
        for _turn in range(turns):
            place, other = (
                chance.randrange(len(before)),
                chance.choice(b'0123456789abcdef",:{}[] \n-'),
            )
            file.write_bytes(before[:place] + bytes([other]) + before[place + 1 :])
            if name == "ballots.csv" or _read(file) != folder.said:
                assert verify(folder.path).status == (0 if other == before[place] else 1), (
                    name,
                    place,
                    chr(other),
                )
        file.write_bytes(before)


def _read(file):
    try:
        return json.loads(file.read_bytes())
    except ValueError:
        return None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"folkmoot-ballots-1"',
        b"{}",
        b'{"format":"folkmoot-ballots-3"}',
        b'{"format":"folkmoot-ballots-2"}',
        b'{"format":"folkmoot-ballots-1"}',
        b'\xef\xbb\xbf{"format":"folkmoot-ballots-1"}',
        b'{"format":"\xff"}',
        b'{"format":NaN}',
        b'{"roll":1.0}',
        b'{"roll":1e9}',
        b'{"roll":' + b"9" * 5000 + b"}",
        b'{"roll":1,"roll":2}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\0" * 64,
        b"PK\3\4",
    ],
    ids=lambda content: repr(content[:24]),
)
def test_an_invalid_manifest_is_reported(content, verify, folder):
    (folder.path / "manifest.json").write_bytes(content)

    said = verify(folder.path)

    assert said.status == 1
    assert len(said.lines) == 1
    assert said.lines[0].startswith("FAIL manifest.json: ")


def test_a_deeply_nested_result_is_refused(verify, folder):
    deep = []
    for _turn in range(300):
        deep = [deep]
    folder.said["result"]["totals"] = deep
    folder.save()

    assert failed(verify(folder.path).lines) == {"recount"}


@pytest.mark.parametrize("name", ["manifest.json", "ballots.csv"])
def test_a_missing_file_is_named(name, verify, folder):
    (folder.path / name).unlink()

    said = verify(folder.path)

    assert (said.status, len(said.lines)) == (1, 1)
    assert said.lines[0].startswith(f"FAIL {name}: ")


def test_a_folder_in_place_of_a_file_is_refused(verify, folder):
    (folder.path / "ballots.csv").unlink()
    (folder.path / "ballots.csv").mkdir()

    assert failed(verify(folder.path).lines) == {"ballots.csv"}


def test_an_oversized_file_is_not_read_to_its_end(verify, folder, program, monkeypatch):
    monkeypatch.setitem(program.MOST_BYTES, "ballots.csv", 100)

    said = verify(folder.path)

    assert said.lines == ["FAIL ballots.csv: it is larger than 100 bytes"]


def test_changed_line_ends_are_reported(verify, folder):
    file = folder.path / "ballots.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert "line ends" in verify(folder.path).lines[0]


@pytest.mark.parametrize(
    "choice",
    [
        "1:",
        ":1",
        "a:b",
        "1:5 1:5",
        "3:2 1:5",
        "1:+5",
        "01:5",
        "1:99999999999999999999",
        "9:1",
        "1>2",
        " ",
    ],
)
def test_a_choice_in_non_canonical_form_is_refused(choice, verify, folder):
    folder.ballots[0][1] = choice
    folder.save()

    assert "choices" in failed(verify(folder.path).lines)


def test_titles_cannot_send_control_characters_to_the_terminal(verify, folder):
    folder.said["opening"]["options"] = ["\x1b[2J", "\u202e", "x" * 5000, "\n"]
    folder.rebuild()
    folder.save()

    said = verify(folder.path)

    assert (said.status, all(line.isprintable() and len(line) < 300 for line in said.lines)) == (
        0,
        True,
    )


def test_terminals_without_a_character_show_its_code_point(program, folder, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252", newline="\r\n"))
    folder.said["opening"]["options"] = ["Пляж"] * 4
    folder.rebuild()
    folder.save()

    status = program.main([str(folder.path)])
    sys.stdout.flush()

    assert status == 0
    assert b"\\u041f" in raw.getvalue()
    assert raw.getvalue().endswith(b"holds.\r\n")
