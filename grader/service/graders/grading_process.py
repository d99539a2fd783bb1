"""The grading process of a service: it grades, and has neither the database nor a connection.

It reads a `Setup` from standard input. Channels come through its control socket, and each is served
by a thread until it is closed. The process ends when the control socket does, which is also what
the death of the web process looks like: nothing is left behind.
"""

import contextlib
import functools
import logging
import os
import signal
import socket
import sys
import threading
from pathlib import Path

from grader.execution import Interactive
from grader.execution.interactive import Demotion
from grader.exercise import load_exercise
from grader.exercise.trust import Trusted, require_trusted
from grader.framed import Writer, send
from grader.log import guard_standard_error, log_fault
from grader.model import Exercise
from grader.render.json import encode_report
from grader.service import words
from grader.service.graders.messages import (
    Answer,
    Lowered,
    Refusal,
    Setup,
    Task,
    receive_setup,
    receive_task,
)
from grader.service.graders.warm_graders import WarmGraders
from grader.service.logs import configure_log
from grader.service.problems import RefusedError
from grader.startup import serve_many


def main(descriptor: int) -> None:
    """Serve the channels that come through the socket with this descriptor."""
    guard_standard_error()
    setup = receive_setup(sys.stdin.buffer)
    configure_log(setup.log_format)
    # A supervisor may send these to all processes of a service. They are handled and not ignored:
    # the workers would inherit that.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    serving = _Serving(setup)
    serve_many()
    with socket.socket(fileno=descriptor) as control:
        # A byte for each channel.
        while (message := socket.recv_fds(control, 1, 1))[0]:
            for channel in message[1]:
                threading.Thread(
                    target=serving.serve,
                    args=[socket.socket(fileno=channel)],
                    daemon=True,
                ).start()
    # Threads that are still grading fail now. Nobody waits for their answers, so nothing is logged.
    logging.disable()
    serving.close()
    os._exit(0)


class _Serving:
    """Does what tasks say; a thread for each channel."""

    def __init__(self, setup: Setup) -> None:
        self._own = threading.local()
        self._lowered: dict[int, Demotion] = {}
        self._trusted = require_trusted(Path(setup.solutions))
        self._graders = WarmGraders(
            functools.partial(_find, self._trusted),
            self._trusted.folder,
            setup.secret,
            setup.require_isolation,
            Interactive(
                budget_s=setup.budget_s,
                demote_after_s=setup.demote_after_s,
                when_lowered=self._note_lowered,
            ),
        )

    def serve(self, channel: socket.socket) -> None:
        """Do one task after the other, until the channel is closed."""
        with channel, channel.makefile("rwb") as stream:
            self._own.stream = stream
            with contextlib.suppress(EOFError, OSError):
                while True:
                    task = receive_task(stream)
                    self._own.number = task.number
                    send(stream, self._answer(task))

    def close(self) -> None:
        """End all templates and workers."""
        self._graders.close()

    def _answer(self, task: Task) -> Answer | Refusal:
        try:
            return self._do(task)
        except RefusedError as error:
            return Refusal(code=error.code, sentence=error.sentence)
        except Exception as error:  # noqa: BLE001 - one task must not end the others
            log_fault(task.work.name, error)
            return Refusal(code="unavailable", sentence=words.NOT_GRADABLE_NOW)
        finally:
            if task.what != "call-off":
                self._lowered.pop(task.number, None)

    def _do(self, task: Task) -> Answer:
        graders, exercise, work = self._graders, task.exercise, task.work
        report, provisional, level = b"", False, ""
        if task.what == "grade":
            graded = graders.grade(exercise, work, patient=task.patient)
            report = encode_report(graded.report)
            provisional = graded.provisional
        elif task.what == "check":
            report = encode_report(graders.check(exercise, work))
        elif task.what == "isolation":
            level = graders.isolation(exercise)
        elif task.what == "call-off":
            self._call_off(task.number)
        else:
            graders.close_idle()
        return Answer(
            open_now=graders.open_now,
            report=report,
            provisional=provisional,
            level=level,
        )

    def _call_off(self, number: int) -> None:
        # One that has ended meanwhile is not there.
        demotion = self._lowered.get(number)
        if demotion is not None:
            demotion.call_off()

    def _note_lowered(self, demotion: Demotion) -> None:
        self._lowered[self._own.number] = demotion
        stream: Writer = self._own.stream
        with contextlib.suppress(OSError):  # nobody waits any more
            send(stream, Lowered())


@functools.cache
def _find(trusted: Trusted, name: str) -> Exercise:
    return load_exercise(trusted.public_half(name))
