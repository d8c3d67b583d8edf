"""What pages show of conversations."""

from .posts import (
    REPLIES as REPLIES,
    PostView as PostView,
    ReaderState as ReaderState,
    history as history,
    is_alone as is_alone,
    newer as newer,
    newest as newest,
    one as one,
    page_of as page_of,
    reader_state as reader_state,
    recent_reply_count as recent_reply_count,
)
from .threads import THREADS as THREADS, latest as latest, listed as listed, pinned as pinned
