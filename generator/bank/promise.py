"""What an exercise of the bank promises, and what tests it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """One promise with what tests it.

    `says` is a sentence without its full stop; "`call` is `answer`" is added for the call `shown`.
    A call may have lines before it, which are run first; then only its last line is the call.
    `wrong` is an edit (old, new) of the reference that breaks this promise and no other, or the
    whole source of such an answer. With `keeps`, it is the first argument that must stay as it was.
    """

    says: str
    shown: str
    wrong: tuple[str, str] | str
    because: str
    hidden: tuple[str, ...] = ()
    keeps: bool = False
