"""Static files: kept for good under names that change with their content, sent compressed, hardened like pages."""

import re

import pytest

pytestmark = pytest.mark.any_database


@pytest.fixture
def stylesheet(app):
    return app.extensions["assets"].url("css/site.css")


def test_names_carry_their_contents_hash_and_are_kept_for_good(visitor, stylesheet):
    answer = visitor.get(stylesheet)

    assert re.fullmatch(r"/static/css/site\.[0-9a-f]{10}\.css", stylesheet)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    answer.close()


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_they_are_sent_as_they_were_compressed_beforehand(visitor, stylesheet, encoding):
    whole, squeezed = visitor.get(stylesheet), visitor.get(stylesheet, headers={"Accept-Encoding": encoding})

    assert squeezed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert len(squeezed.data) < len(whole.data) / 3
    whole.close()
    squeezed.close()


def test_a_name_that_is_not_there_is_an_error_while_drawing(app):
    with pytest.raises(KeyError):
        app.extensions["assets"].url("css/none.css")


def test_nothing_outside_the_folder_is_served(visitor):
    for path in ("/static/../wsgi.py", "/static/%2e%2e/wsgi.py", "/static/css/", "/static//etc/passwd"):
        assert visitor.get(path).status_code == 404
