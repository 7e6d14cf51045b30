"""Drives a command through a real pseudo-terminal: waits for what it asks, and types what a person would type."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

ENTER, INTERRUPT, END, DOWN, ERASE = "\r", "\x03", "\x04", "\x1b[B", "\x7f"
PATIENCE, AGAIN = 30.0, 3.0  # seconds


class Dialogue:
    """A running command. `seen` is everything that it has shown so far."""

    def __init__(self, arguments: list[str], cwd: Path) -> None:
        pty = pytest.importorskip("pty")
        self._master, slave = pty.openpty()
        # Nobody answers a question for the position of the cursor here.
        environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1", "COLUMNS": "160"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "portscan", *arguments],
            cwd=cwd, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True, close_fds=True,
            preexec_fn=_control,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""
        self._read = 0

    def expect(self, text: str) -> Dialogue:
        """Wait until `text` is shown, behind what was waited for before."""
        while text not in self.seen[self._read :]:
            if not self._more():
                raise AssertionError(f"{text!r} never came; what did:\n{self.seen}")
        self._read = self.seen.index(text, self._read) + len(text)
        return self

    def type(self, keys: str) -> Dialogue:
        """Type keys."""
        os.write(self._master, keys.encode())
        return self

    def interrupt(self) -> Dialogue:
        """Press Ctrl-C, and again while nothing ends, as a person would: Python loses one right before it begins to read."""
        for _ in range(round(PATIENCE / AGAIN)):
            self.type(INTERRUPT)
            if self._ends_within(AGAIN):
                break
        return self

    def _ends_within(self, seconds: float) -> bool:
        """Whether the other end is closed in time."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            if select.select([self._master], [], [], left)[0] and not self._more():
                return True
        return False

    def answer(self, question: str, keys: str = "") -> Dialogue:
        """Wait for a question and answer it with a line."""
        return self.expect(question).type(keys + ENTER)

    def status(self) -> int:
        """Wait for the end, and give the exit status."""
        while self._more():
            pass
        os.close(self._master)
        return self._process.wait(PATIENCE)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE)
        try:
            data = os.read(self._master, 65536) if ready else b""
        except OSError:  # how Linux tells that the other end is closed
            data = b""
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


def _control() -> None:
    """Make the pseudo-terminal the one that Ctrl-C comes from, and have it heard: tests in the background are deaf to it."""
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which tests that run in the background of a shell are told to ignore
