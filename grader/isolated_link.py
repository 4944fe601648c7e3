"""The pipe between candidate and examiner: who asks waits, and may be asked back meanwhile.

A frame is a kind (`?` question, `(` call, `=` result, `!` exception), which of the optional parts
it has, and then: what was printed and news (the examiner's only: seeds and patched functions), the
lists and the like that changed, the matter itself, and those lists that are not needed any more.
The pipe lasts for many tests: a frame `*` says that one begins; nothing of the last one is known.
"""

from __future__ import annotations

import threading
from typing import Any, NoReturn

from coursewright.grader.isolated_codec import Garbled, Reader
from coursewright.grader.isolated_handles import Handles
from coursewright.grader.isolated_pipe import Overlong, Pipe

NESTED = 60  # questions within questions
QUESTION, RESULT, EXCEPTION, FRESH = b"?", b"=", b"!", b"*"
CALL = b"("  # the question that is asked most: its parts without what it is
KINDS = (QUESTION, CALL, RESULT, EXCEPTION)
SAID, CHANGED, DROPPED = 1, 2, 4  # the optional parts: most frames have none


class Gone(BaseException):
    """The link is of no use any more. No test's `except Exception` may catch this."""


class Link(Handles):
    """One end, for one test. `first` is 0 at the examiner and 1 at the candidate."""

    def __init__(self, pipe: Pipe, first: int) -> None:
        super().__init__(first, self)
        self.pipe = pipe
        self.before: bytes | None = None  # a frame that goes before the next
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
            if what == "call":
                self.send(CALL, matter)
            else:
                self.send(QUESTION, (what, *matter))
            while True:
                kind, content = self.receive()
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
            self.send(EXCEPTION, (error, self.frames_of(error)))
        else:
            self.send(RESULT, result)
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

    def send(self, kind: bytes, matter: Any) -> None:
        out = bytearray(kind)
        out.append(0)
        output, errors = self.printed()
        news = self.news()
        if output or errors or news:
            out[1] |= SAID
            self.put(out, (output, errors, news), 0)
        changed = self.changed()
        if changed:
            out[1] |= CHANGED
            self.changes_out(out, changed)
        if kind == CALL:
            for part in matter:
                self.put(out, part, 1)
        else:
            self.put(out, matter, 0)
        unused = self.unused()
        if unused:
            out[1] |= DROPPED
            self.drops_out(out, unused)
        try:
            self.pipe.put(out, self.before)
        except Overlong:
            self.fail("a value too large")
        except OSError:
            self.fail("the other side is gone")
        self.before = None

    def unused(self) -> list[int]:
        """Only one side says what is not needed any more."""
        return []

    def start_of_rest(self, reader: Reader) -> None:
        pass

    def receive(self) -> tuple[bytes, Any]:
        try:
            frame = self.pipe.take()
        except Overlong:
            self.fail("a frame too long")
        except OSError:
            self.fail("the other side is gone")
        if frame == FRESH:
            return FRESH, None
        self.busy = True
        try:
            kind, said, content = self._read(Reader(frame))
        except (Garbled, MemoryError) as garbled:
            self.fail(f"bytes that are no value ({garbled})")
        except Exception as error:  # noqa: BLE001 (any other kind could satisfy a test)
            self.fail(f"bytes that are no value ({type(error).__name__})")
        finally:
            self.busy = False
        if said is not None:
            self._told(said)
        return kind, content

    def _read(self, reader: Reader) -> tuple[bytes, Any, Any]:
        kind, parts = reader.take(1), reader.number()
        if kind not in KINDS or parts > SAID | CHANGED | DROPPED:
            raise Garbled("an unknown kind of frame")
        said = self.get(reader, 0) if parts & SAID else None
        if parts & CHANGED:
            self.changes_in(reader)
        if kind == CALL:
            get = self.get
            kind, content = QUESTION, ("call", get(reader, 1), get(reader, 1), get(reader, 1))
        else:
            content = self.get(reader, 0)
        if parts & DROPPED:
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
