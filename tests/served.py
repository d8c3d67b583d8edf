"""The application as the tests' sites serve it: processes share compiled templates."""

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests import shared_fixtures

Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(shared_fixtures.templates()))}

from wsgi import app as app  # noqa: E402
