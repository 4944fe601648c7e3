"""How often somebody may ask: a bucket of tokens for each person and verb.

A bucket holds what may be asked in a minute and fills at that rate, so a burst is fine and a loop
is not. Buckets are this process's own: with N processes of the service somebody may ask N times as
often.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from coursewright.records.errors import TooMany

READS = ("GET", "HEAD")
MINUTE = 60.0
# Buckets that are kept before those that are full again are forgotten.
MANY = 10_000


@dataclass
class Bucket:
    """`tokens` as they were at the moment `at`, in seconds of the clock."""

    tokens: float
    at: float


@dataclass(frozen=True)
class Standing:
    """How it stands after a question; `wait` is None when it may be answered.

    `left` more may be asked at once; after `full` seconds without one, `quota` may be.
    """

    name: str
    quota: int
    left: int
    full: int
    wait: int | None

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has them."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.quota};w={MINUTE:.0f}',
            "RateLimit": f'"{self.name}";r={self.left};t={self.full}',
        }

    def refuse(self) -> None:
        """Raises TooMany when it may not be answered."""
        if self.wait is not None:
            raise TooMany(
                f"You have asked too often: {self.quota} in a minute are the limit for this verb. "
                f"Nothing was done; ask again in {self.wait} s",
                self.wait,
            )


@dataclass
class Rates:
    """`reads` and `writes` in a minute, for each person and verb; 0 is no limit.

    The API and the pages have one each: a program that asks too often leaves its person the pages.
    """

    reads: int
    writes: int
    clock: Callable[[], float] = time.monotonic
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def ask(self, person: str, verb: str) -> Standing | None:
        """Take a token, if there is one; None where there is no limit."""
        reading = verb in READS
        quota = self.reads if reading else self.writes
        if quota <= 0:
            return None
        key = (person, READS[0] if reading else verb)
        bucket = self._filled(key, quota)
        step = MINUTE / quota
        wait = None
        if bucket.tokens < 1:
            wait = max(1, math.ceil((1 - bucket.tokens) * step))
        else:
            bucket.tokens -= 1
        full = math.ceil((quota - bucket.tokens) * step)
        name = "reads" if reading else "writes"
        return Standing(name, quota, int(bucket.tokens), full, wait)

    def _filled(self, key: tuple[str, str], quota: int) -> Bucket:
        now = self.clock()
        bucket = self.buckets.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self.buckets[key] = Bucket(quota, now)
        bucket.tokens = min(quota, bucket.tokens + (now - bucket.at) * quota / MINUTE)
        bucket.at = now
        return bucket

    def _forget(self, now: float) -> None:
        """A bucket that nobody has used for a minute is full, and a new one is too."""
        if len(self.buckets) >= MANY:
            used = self.buckets.items()
            self.buckets = {key: one for key, one in used if now - one.at < MINUTE}
