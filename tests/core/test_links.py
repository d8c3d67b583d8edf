"""Whole addresses come from the configuration, whatever a request called the site."""

import pytest
from flask import render_template_string

from webapp.core.http.links import absolute, external

pytestmark = pytest.mark.any_database


def test_links_need_no_request(app, context):
    assert external("health.show") == "http://127.0.0.1:8000/health"
    assert absolute("/inbox") == "http://127.0.0.1:8000/inbox"


def test_a_forged_host_changes_no_link(app):
    with app.test_request_context(base_url="https://evil.example.org"):
        assert external("health.show") == "http://127.0.0.1:8000/health"
        assert (
            render_template_string("{{ external('health.show', _anchor='now') }}")
            == "http://127.0.0.1:8000/health#now"
        )


def test_a_site_in_a_folder_and_over_https(app, context, monkeypatch):
    monkeypatch.setitem(app.config, "SITE_URL", "https://example.org/moot")
    assert external("health.show", page=2) == "https://example.org/moot/health?page=2"
