"""The SMTP server of the tests of emails."""

from tests.mail.conftest import post_office as post_office
