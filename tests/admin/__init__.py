"""Managing the site."""
