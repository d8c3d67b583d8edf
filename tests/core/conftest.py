"""A bare application: templates and what their macros call, without a database or features."""

import pytest
from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from tests import parts
from webapp.config import ROOT
from webapp.core.http import way_back
from webapp.core.jobs.redis_queue import RedisQueue
from webapp.core.ui import template_globals
from webapp.core.ui.template_engine import FastEnvironment
from webapp.mail.jobs import rendering


class BareApp(Flask):
    """An application with the site's templates alone."""

    jinja_environment = FastEnvironment


@pytest.fixture(scope="session")
def bare():
    app = BareApp("bare", template_folder=str(ROOT / "templates"))
    app.config.update(SECRET_KEY="x" * 40, TESTING=True)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    CSRFProtect(app)
    template_globals.register(app)
    way_back.init_app(app)
    app.jinja_env.globals.update(
        static_url="/static/{}".format,
        integrity=lambda name: "sha384-x",
        site_name="Leith",
        unread_count=lambda: 2,
    )
    app.jinja_env.globals.update(announcement=lambda: None, site_card=lambda: "")
    app.jinja_env.globals.update(
        avatar_of=lambda who, *how, **more: "", page_of=lambda *who, **more: None
    )
    app.jinja_env.filters["subject_line"] = rendering.subject_line
    app.jinja_env.globals.update(absolute="http://127.0.0.1{}".format)
    return app


@pytest.fixture
def redis():
    """An empty Redis."""
    with parts.empty_redis(parts.QUEUE) as client:
        yield client


@pytest.fixture
def queue(context, redis):
    """An RQ queue on an empty Redis."""
    return RedisQueue(parts.redis_url(parts.QUEUE))
