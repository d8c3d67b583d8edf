"""A post office, as the tests of emails have it."""

from tests.mail.conftest import post_office as post_office
