"""Connections to PostgreSQL."""

from psycopg import Connection
from psycopg.pq import ExecStatus, TransactionStatus

from ..sockets import peek

_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)


class PlanKeepingConnection(Connection):
    """A connection whose prepared statements outlive a rollback, and that knows when it was lost.

    psycopg forgets all of them, in case tables were created in the transaction; here only
    migrations do that. To plan the statements of a page again takes PostgreSQL longer than to run
    them.
    """

    def rollback(self) -> None:
        """Roll back by a statement of our own: psycopg doesn't see it, and keeps its statements."""
        if self.pgconn.transaction_status in _OPEN:
            with self.lock:
                if self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                    return
        super().rollback()  # no transaction, or the connection is lost: psycopg does or raises it

    def is_lost(self) -> bool:
        """Whether the server has ended this idle connection.

        It writes to an idle one only to say so. To look takes some µs, to ask the server over 100.
        """
        return peek(self.pgconn.socket) is not None
