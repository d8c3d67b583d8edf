"""What the site's own pages are called."""

from flask_babel import lazy_gettext as _l

from .models import IMPRINT, PRIVACY, TERMS

TITLES = {PRIVACY: _l("Privacy"), TERMS: _l("House rules"), IMPRINT: _l("Imprint")}
