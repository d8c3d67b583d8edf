"""Flask extensions, created once and bound to the application in `create_app`."""

from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from .db.base import Base
from .db.session import ReadingSession

db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"class_": ReadingSession}
)
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
compress = Compress()
