"""Flask extensions, created once and bound to the application in `create_app`."""

from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy

from .db.base import Base
from .db.engine import ReadingSession
from .http.same_origin import FormProtect

db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"class_": ReadingSession}
)
login_manager = LoginManager()
csrf = FormProtect()
babel = Babel()
compress = Compress()
