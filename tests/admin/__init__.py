"""Looking after the site."""
