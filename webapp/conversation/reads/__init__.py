"""What pages show of conversations."""

from .posts import REPLIES as REPLIES
from .posts import PostView as PostView
from .posts import ReaderState as ReaderState
from .posts import history as history
from .posts import is_alone as is_alone
from .posts import newer as newer
from .posts import newest as newest
from .posts import one as one
from .posts import page_of as page_of
from .posts import reader_state as reader_state
from .posts import recent_reply_count as recent_reply_count
from .threads import THREADS as THREADS
from .threads import latest as latest
from .threads import listed as listed
from .threads import pinned as pinned
