"""Generations for tests: in this process or as the command, by a scripted model or the bank."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from fake_model import Asked, FakeModel, Said
from scripted_model import Scripted, piece_of
from tornado.iostream import StreamClosedError

from coursewright.generator.generation import Generation, Limits
from coursewright.generator.progress import Event
from coursewright.generator.request import Request

SMALL = Request(topic="Python", modules=1, lessons=1, exercises=1)
NO_LIMITS = Limits()


@contextmanager
def model(**script: Any) -> Iterator[FakeModel]:
    """A scripted model that listens; what is `spoilt` and `incurable` stands in scripted_model."""
    fake = FakeModel(answer=Scripted(**script))
    fake.start()
    try:
        yield fake
    finally:
        fake.stop()


@dataclass
class Run:
    """One run over a folder, in this process; `events` are what it told."""

    fake: FakeModel
    folder: Path
    request: Request = SMALL
    limits: Limits = NO_LIMITS
    environ: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def make(self, resume: bool = False) -> dict[str, Any]:
        settings = self.fake.environ(**self.environ)
        made = Generation(
            self.request, self.folder, "openai", limits=self.limits, settings=settings
        )
        made.prepare(resume)
        return asyncio.run(made.run(self.events.append))

    def ended(self, kind: str) -> dict[str, str]:
        """The last state of each piece of a kind."""
        return {one.place: one.state for one in self.events if one.kind == kind and one.place}


def command(
    request: Path, out: Path, *words: str, environ: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """`coursewright generate`, as a child process."""
    program = [sys.executable, "-m", "coursewright.hub_config.command", "generate"]
    return subprocess.Popen(
        [*program, str(request), "--out", str(out), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environ or {})},
    )


def written(request: Request, path: Path) -> Path:
    """The request as its file."""
    data = request.model_dump(mode="json", exclude_defaults=True)
    path.write_text(yaml.safe_dump(data))
    return path


@dataclass
class Deadly:
    """A script that kills the one who asks for a piece of this kind, once, and gives no answer."""

    script: Scripted
    stage: str = ""
    victim: subprocess.Popen[str] | None = None
    signal: int = signal.SIGKILL

    def __call__(self, asked: Asked) -> Said:
        if self.stage and piece_of(asked) == self.stage and self.victim is not None:
            self.stage = ""
            self.victim.send_signal(self.signal)
            raise StreamClosedError
        return self.script(asked)
