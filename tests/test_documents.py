"""Documents that are written from the code are what the code would write."""

from scripts import routes


def test_the_list_of_routes_is_the_map(app):
    assert routes.TARGET.read_text() == routes.text(app), "python scripts/routes.py writes it anew"
