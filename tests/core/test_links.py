"""Absolute URLs come from the configuration, whatever host a request names."""

import pytest
from flask import Flask, render_template_string, url_for
from werkzeug.routing import BuildError

from webapp.core.http.links import absolute, external

pytestmark = pytest.mark.any_database


def test_absolute_links_need_no_request(app, context):
    assert external("health.show") == "http://127.0.0.1:8000/health"
    assert absolute("/inbox") == "http://127.0.0.1:8000/inbox"


def test_a_forged_host_changes_no_link(app):
    with app.test_request_context(base_url="https://evil.example.org"):
        assert external("health.show") == "http://127.0.0.1:8000/health"
        assert (
            render_template_string("{{ external('health.show', _anchor='now') }}")
            == "http://127.0.0.1:8000/health#now"
        )


def test_links_include_the_sites_folder_and_https(app, context, monkeypatch):
    monkeypatch.setitem(app.config, "SITE_URL", "https://example.org/moot")
    assert external("health.show", page=2) == "https://example.org/moot/health?page=2"


def test_cached_paths_depend_on_all_their_arguments(app):
    asked = [
        {"slug": "a"},
        {"slug": "a", "page": 1},
        {"slug": "a", "page": "1"},
        {"slug": "a", "page": None, "_anchor": "people"},
        {"slug": "a", "page": True},
        {"slug": "a", "tag": ["x", "y"]},
    ]
    for root in ("", "/moot", ""):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            for values in asked * 2:
                built = Flask.url_for(app, "groups.show", **values)
                assert url_for("groups.show", **values) == built
                assert built.startswith(f"{root}/groups/a")


def test_relative_endpoints_belong_to_the_current_blueprint(app):
    for path in ("/events", "/groups", "/events"):
        with app.test_request_context(path):
            assert url_for(".index") == path


def test_a_link_without_its_arguments_raises_an_error(app):
    with app.test_request_context(), pytest.raises(BuildError):
        url_for("groups.show")
