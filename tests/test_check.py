"""`make check` finds what it should."""

import pytest

from scripts import check, check_templates, repetition


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("x" * 73, "73 characters"),
        ("added a column", "begins with a capital"),
        ("Added a column", "says what the commit does"),
        ("Add a column.", "without a full stop"),
        ("Tell whoever asks", "plain words"),
        ("Add a column\nfor the venue", "a line of its own"),
    ],
)
def test_commit_subjects_that_break_a_rule_are_refused(message, problem):
    assert any(problem in found for found in check.problems_of(*message.split("\n", 1)))


def test_plain_commit_subjects_pass():
    assert check.problems_of("Bring back the waiting list", "\nIt was lost.") == []


def test_a_template_that_is_not_formatted_is_refused(app, tmp_path):
    (tmp_path / "long.html").write_text("<p>short</p>\n<p>" + "long " * 30 + "</p>\n")
    found = check_templates.problems(app.jinja_env, tmp_path / "long.html", tmp_path)
    assert list(found) == [(2, "isn't formatted: run python scripts/format_templates.py")]


@pytest.mark.parametrize("call", ["{{ ring(%s) }}", "{%% call ring(%s) %%}{%% endcall %%}"])
def test_template_calls_with_six_unnamed_arguments_are_refused(app, tmp_path, call):
    path = tmp_path / "counted.html"
    path.write_text(call % "1, 2, 3, 4, 5, mine=6" + "\n")
    assert list(check_templates.problems(app.jinja_env, path, tmp_path)) == []
    path.write_text(call % "1, 2, 3, 4, 5, 6" + "\n")
    found = check_templates.problems(app.jinja_env, path, tmp_path)
    assert list(found) == [(1, "passes 6 arguments without names, 5 at most")]


@pytest.mark.parametrize(
    ("ending", "line", "is_seen"),
    [
        (".py", "    total{} += seats(event, {})", True),
        (".py", "    id{}: UUID | None = None,  {}", True),
        (".py", "    id{}: UUID | None = None,", False),
        (".py", '    "word {}",', False),
        (".css", "    color: {}{};", False),
        (".css", "    grid-template-columns: [part-{} of-the-page] minmax(0, {}fr) 20rem;", True),
        (".html", '<input name="{}">', False),
        (".html", '<input name="{}" aria-describedby="hint" maxlength="120" required="{}">', True),
    ],
)
def test_six_lines_of_code_are_not_written_twice(tmp_path, ending, line, is_seen):
    files = {}
    for name, count in (("first", 6), ("short", 5), ("second", 6)):
        path = tmp_path / f"{name}{ending}"
        path.write_text(f"{name}\n\n" + "\n".join(line.format(n, n) for n in range(count)))
        files[path] = repetition.lines_of(path)

    second, first = ((tmp_path / f"{name}{ending}", 3) for name in ("second", "first"))
    assert list(repetition.repeated(files)) == ([(second, first, 6)] if is_seen else [])
