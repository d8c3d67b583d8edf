"""RQ's worker, with a child process that runs many jobs.

A process for each job would connect to the database and compile templates and statements again: 120
ms for an email that takes 10. The worker still watches its child from outside, so a job that dies
or hangs ends only the child.
"""

import os
import random
import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any, BinaryIO, NoReturn

import structlog
from rq import Queue, Worker, worker_registration
from rq.executions import Execution, ExecutionRegistry
from rq.job import Job

from ..extensions import db
from ..library_internals import become_horse, note_horse
from .queue_status import reason

log = structlog.get_logger(__name__)

#: Seconds after which a job is killed, unless it has its own `longest`. Shorter than an email's
#: lease, so that no other worker has begun by then.
LONGEST = 90
#: After this many jobs, or one with its own `longest`, the child is replaced, which bounds its
#: memory.
MOST_JOBS = 500


@dataclass
class Child:
    """A process that runs jobs, and its two pipes: one gives it jobs, the other reports their ends.

    It ends when the pipe with jobs is closed.
    """

    pid: int
    orders: BinaryIO
    answers: BinaryIO
    jobs_left: int = MOST_JOBS


class ResidentWorker(Worker):
    """A worker with one child at a time. RQ calls the child a work horse.

    RQ returns the same way when it was stopped and when it gave up; `was_asked_to_stop` tells them
    apart.
    """

    _child: Child | None = None
    was_asked_to_stop = False
    max_connection_wait_time = 5.0  # seconds; by default RQ retries a lost Redis once a minute

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Send a heartbeat, and register again: Redis may have lost its data, and RQ registers only
        once.
        """
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)

    def handle_job_failure(
        self, job: Job, queue: Queue, started_job_registry: Any = None, exc_string: str = ""
    ) -> None:
        """Retry the job or list it as failed, with the error's type and place but never its
        message.
        """
        error = sys.exc_info()[1]
        super().handle_job_failure(
            job, queue, started_job_registry, reason(error) if error else exc_string
        )

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log the error without its message and the job's arguments."""
        log.error("job_failed", job=job.description, id=job.id, error=reason(exc_info[1]))

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the current job. Called on a signal."""
        self.was_asked_to_stop = True
        super().request_stop(signum, frame)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Give the job to the child; fork a new one if needed."""
        if self._child is not None and not self._child.jobs_left:
            self._end_child()
        if self._child is None or not self._hand_over(job, self._child):
            self._child = self._fork(queue)
            self._hand_over(job, self._child)
        note_horse(self, self._child.pid)

    def _hand_over(self, job: Job, child: Child) -> bool:
        assert self.execution is not None
        try:
            child.orders.write(f"{self.execution.id} {job.id}\n".encode())
        except BrokenPipeError:  # it was killed while idle
            self._end_child()
            return False
        child.jobs_left = child.jobs_left - 1 if job.timeout == LONGEST else 0
        return True

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Wait until the job or the child ends. Return the child's id and exit status.

        RQ calls again after a timeout of some seconds.
        """
        assert self._child is not None
        if self._child.answers.read(1):
            return self._child.pid, os.EX_OK, None
        return self._end_child()

    def _end_child(self) -> tuple[int, int, Any]:
        assert self._child is not None
        self._child.orders.close()
        ended = os.wait4(self._child.pid, 0)
        self._child.answers.close()
        self._child = None
        return ended

    def teardown(self) -> None:
        """End the child with its worker."""
        if self._child is not None and not self.is_horse:
            self._end_child()
        super().teardown()

    def _fork(self, queue: Queue) -> Child:
        orders, given = os.pipe()
        answers, answered = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(given)
            os.close(answers)
            self._run_jobs(queue, orders, answered)
        os.close(orders)
        os.close(answered)
        return Child(pid, os.fdopen(given, "wb", 0), os.fdopen(answers, "rb", 0))

    def _run_jobs(self, queue: Queue, orders: int, answered: int) -> NoReturn:
        """In the child: run jobs until the pipe closes. No connection is shared with the parent."""
        try:
            os.setpgrp()
            random.seed()
            self.setup_work_horse_signals()
            become_horse(self)
            db.engine.dispose(close=False)
            with os.fdopen(orders) as lines:
                for line in lines:
                    execution, job_id = line.split()
                    self.execution = Execution(execution, job_id, self.connection)
                    job = Job.fetch(job_id, self.connection, self.serializer)
                    self.perform_job(job, queue)
                    os.write(answered, b".")
        except BaseException:
            os._exit(1)
        os._exit(0)

    def perform_job(self, job: Job, queue: Queue) -> bool:
        """Run the job and store its result."""
        self._forget_earlier_runs(job)
        return super().perform_job(job, queue)

    def _forget_earlier_runs(self, job: Job) -> None:
        """Delete what a killed worker left of this job: otherwise RQ 2.12 marks a job that
        succeeded as failed.
        """
        runs = ExecutionRegistry(job.id, self.connection)
        earlier = [
            run
            for run in runs.get_execution_ids()
            if self.execution is None or run != self.execution.id
        ]
        if earlier:
            self.connection.zrem(runs.key, *earlier)
