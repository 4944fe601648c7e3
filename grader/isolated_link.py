"""The pipe between candidate and examiner: who asks waits, and may be asked back meanwhile.

A frame is its length (four bytes) and then: a kind (`?` question, `=` result, `!` exception), the
lists and the like that changed, those that are not needed any more, what was printed, news (the
examiner's only: seeds and patched functions), and the matter itself.
"""

from __future__ import annotations

import socket
import struct
import threading
from typing import Any, NoReturn

from coursewright.grader.isolated_codec import Garbled, Reader
from coursewright.grader.isolated_handles import Handles

LENGTH = struct.Struct("<I")
MOST = 64 << 20  # bytes of one frame
NESTED = 60  # questions within questions
QUESTION, RESULT, EXCEPTION = b"?", b"=", b"!"


class Gone(BaseException):
    """The link is of no use any more. No test's `except Exception` may catch this."""


class Link(Handles):
    """One end. `first` is 0 at the examiner and 1 at the candidate."""

    def __init__(self, end: socket.socket, first: int) -> None:
        super().__init__(first, self)
        self.end = end
        self.busy = False
        self.depth = 0
        self.asked = 0
        self.lock = threading.RLock()

    def number(self, likeness: object) -> int:
        return self.their_ids[id(likeness)]

    def ask(self, what: str, *matter: Any) -> Any:
        """The other side's answer, or the exception that it raised."""
        with self.lock:
            self.asked += 1
            self._send(QUESTION, (what, *matter))
            while True:
                kind, content = self._receive()
                if kind == QUESTION:
                    self.answer(content)
                elif kind == RESULT:
                    return content
                else:
                    self.raised(content)

    def answer(self, question: Any) -> None:
        if not isinstance(question, tuple) or not question or self.depth > NESTED:
            self.fail("a question that is none")
        self.depth += 1
        try:
            result = self.perform(*question)
        except Gone:
            raise
        except BaseException as error:  # noqa: BLE001 (what a call raises goes to who called)
            self._send(EXCEPTION, (error, self.frames_of(error)))
        else:
            self._send(RESULT, result)
        finally:
            self.depth -= 1

    def perform(self, what: str, *matter: Any) -> Any:
        """Do what the other side asks."""
        raise NotImplementedError

    def fail(self, why: str) -> NoReturn:
        raise Gone(why)

    def raised(self, content: Any) -> NoReturn:
        """Raise here what was raised there."""
        error, frames = self.checked_error(content)
        self.note_frames(error, frames)
        raise error.with_traceback(None)

    def checked_error(self, content: Any) -> tuple[BaseException, Any]:
        if not isinstance(content, tuple) or len(content) != 2:
            self.fail("an exception that is none")
        if not isinstance(content[0], BaseException):
            self.fail("an exception that is none")
        return content

    def frames_of(self, error: BaseException) -> list[tuple[str, int]]:
        return []

    def note_frames(self, error: BaseException, frames: Any) -> None:
        pass

    def printed(self) -> tuple[str, str]:
        """What was written to standard output and error since it was last asked."""
        return "", ""

    def show(self, output: str, errors: str) -> None:
        """What the other side printed."""

    def news(self) -> list[Any]:
        return []

    def hear(self, news: Any) -> None:
        pass

    # What a likeness asks (isolated_mirrors.Asker).

    def call(self, likeness: object, args: Any, kwargs: Any) -> Any:
        return self.ask("call", likeness, tuple(args), tuple(kwargs.items()))

    def special(self, likeness: object, name: str, args: Any) -> Any:
        if name in ("__exit__", "__aexit__"):
            args = (*args[:2], None)  # a traceback does not cross
        return self.ask("special", likeness, name, tuple(args))

    def attribute(self, likeness: object, name: str) -> Any:
        return self.ask("get", likeness, name)

    def set_attribute(self, likeness: object, name: str, value: Any) -> None:
        self.ask("set", likeness, name, value)

    def drop_attribute(self, likeness: object, name: str) -> None:
        self.ask("drop", likeness, name)

    def resume(self, number: int, how: str, value: Any) -> Any:
        found = self.ask("resume", number, how, value)
        if not isinstance(found, tuple) or len(found) != 2:
            self.fail("no answer of a generator")
        return found

    def _send(self, kind: bytes, matter: Any) -> None:
        out = bytearray(kind)
        self.put(out, (*self.printed(), self.news()), 0)
        self.changes_out(out)
        self.put(out, matter, 0)
        self.end_of_frame(out)
        if len(out) > MOST:
            self.fail("a value too large")
        try:
            self.end.sendall(LENGTH.pack(len(out)) + out)
        except OSError:
            self.fail("the other side is gone")

    def end_of_frame(self, out: bytearray) -> None:
        """Only one side says what is not needed any more."""

    def start_of_rest(self, reader: Reader) -> None:
        pass

    def _receive(self) -> tuple[bytes, Any]:
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        if length > MOST:
            self.fail("a frame too long")
        self.busy = True
        try:
            reader = Reader(self._exactly(length))
            kind, said, content = self.guarded(lambda: self._read(reader))
        except (Garbled, MemoryError) as garbled:
            self.fail(f"bytes that are no value ({garbled})")
        finally:
            self.busy = False
        self._told(said)
        return kind, content

    def _read(self, reader: Reader) -> tuple[bytes, Any, Any]:
        kind = reader.take(1)
        if kind not in (QUESTION, RESULT, EXCEPTION):
            raise Garbled("an unknown kind of frame")
        said = self.get(reader, 0)
        self.changes_in(reader)
        content = self.get(reader, 0)
        self.start_of_rest(reader)
        if reader.left:
            raise Garbled("more than a frame")
        return kind, said, content

    def _told(self, said: Any) -> None:
        match said:
            case (str() as output, str() as errors, news):
                self.show(output, errors)
                self.hear(news)
            case _:
                self.fail("a frame without its printed text")

    def _exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            try:
                chunk = self.end.recv(min(count - len(parts), 1 << 18))
            except OSError:
                self.fail("the other side is gone")
            if not chunk:
                self.fail("the other side is gone")
            parts += chunk
        return bytes(parts)
