"""Static files: cached forever under hashed names, served compressed, with the security headers."""

import os
import re

import pytest

from webapp.config import ROOT
from webapp.core.http.static_files import Assets

pytestmark = pytest.mark.any_database


@pytest.fixture
def stylesheet(app):
    return app.extensions["assets"].url("css/site.css")


def test_static_file_names_contain_a_hash_and_are_cached_forever(visitor, stylesheet):
    answer = visitor.get(stylesheet)

    assert re.fullmatch(r"/static/css/site\.[0-9a-f]{10}\.css", stylesheet)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    answer.close()


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_static_files_are_served_precompressed(visitor, stylesheet, encoding):
    whole, squeezed = (
        visitor.get(stylesheet),
        visitor.get(stylesheet, headers={"Accept-Encoding": encoding}),
    )

    assert squeezed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert len(squeezed.data) < len(whole.data) / 3
    whole.close()
    squeezed.close()


@pytest.mark.parametrize("name", ["css/site.css", "js/event.js"])
def test_our_scripts_and_stylesheets_are_sent_without_comments_and_indentation(app, visitor, name):
    answer = visitor.get(app.extensions["assets"].url(name))

    assert not re.search(r"/\*|^[ \t]", answer.text, re.MULTILINE)
    answer.close()


def test_files_of_others_are_sent_as_they_are(app, visitor):
    """Their hash is in the page, and of the file that we checked."""
    name = "vendor/htmx-4.0.1.min.js"
    answer = visitor.get(app.extensions["assets"].url(name))

    assert answer.data == (ROOT / "static" / name).read_bytes()
    answer.close()


def test_a_missing_static_file_raises_an_error_while_rendering(app):
    with pytest.raises(KeyError):
        app.extensions["assets"].url("css/none.css")


def test_nothing_outside_the_folder_is_served(app, visitor):
    outside = app.extensions["assets"].target.parent / "outside.0123456789.css"
    outside.write_text("/* not for browsers */")
    hashed = ["/static/../outside.0123456789.css", f"/static/{outside}", f"/static//{outside}"]
    try:
        for path in (
            "/static/../wsgi.py",
            "/static/%2e%2e/wsgi.py",
            "/static/css/",
            "/static//etc/passwd",
            *hashed,
        ):
            assert visitor.get(path).status_code == 404
    finally:
        outside.unlink()


@pytest.mark.parametrize("name", ["x%00", "a" * 300])
def test_a_name_that_no_file_can_have_is_not_found(visitor, name):
    assert visitor.get(f"/static/{name}.0123456789.css").status_code == 404


def test_files_built_by_a_later_release_are_served(app, visitor):
    built = app.extensions["assets"].target / "css" / "later.0123456789.css"
    try:
        assert visitor.get("/static/css/later.0123456789.css").status_code == 404
        built.write_text("/* of the next release */")
        answer = visitor.get("/static/css/later.0123456789.css")
        assert (answer.status_code, answer.text) == (200, "/* of the next release */")
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()
    finally:
        built.unlink(missing_ok=True)


def test_a_process_starting_meanwhile_never_sees_unfinished_files(tmp_path, monkeypatch):
    target, replace, met = tmp_path / "build" / "static", os.replace, []

    def look_around_and_replace(*names):
        met.extend(path.name for path in target.rglob("*") if path.is_file())
        replace(*names)

    monkeypatch.setattr(os, "replace", look_around_and_replace)
    made = Assets(ROOT / "static", target)

    finished = {name.rpartition("/")[2] for name in made.names.values()}
    assert met
    assert {name.removesuffix(".br").removesuffix(".gz") for name in met} <= finished
