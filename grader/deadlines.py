"""May this be handed in, and what does it count? Every rule of it, and nothing else (no database).

Raw scores are stored; what they count is decided here whenever they are read, so a date that
moves needs no further step. A day is a day of the policy's zone: the second day late begins when
the clock on the wall there shows the due time again, whether 23, 24 or 25 hours have passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from coursewright.records.errors import Invalid
from coursewright.records.policies import Extension, Policy

ASK = "Ask your instructor if you need an extension"
# Beyond this nobody counts days.
ENDLESS = timedelta(3650)


@dataclass(frozen=True)
class Decision:
    """`factor` (0 to 1) is what a score is multiplied by; `days` late, begun ones counted."""

    accepted: bool
    factor: float
    sentence: str
    days: int = 0
    refused_for: Literal["", "cut-off", "attempts"] = ""


ON_TIME = Decision(accepted=True, factor=1.0, sentence="Handed in on time")


def decide(
    policy: Policy | None, extensions: Sequence[Extension], received_at: datetime, attempt: int
) -> Decision:
    """Whether attempt number `attempt` (from 1), received then, is taken, and what it counts."""
    if policy is None:
        return ON_TIME
    held = extended(policy, extensions)
    if held.attempts is not None and attempt > held.attempts:
        one = held.attempts == 1
        used = "The one attempt has" if one else f"All {held.attempts} attempts have"
        sentence = f"{used} been used that this lesson allows. {ASK}"
        return Decision(False, 0.0, sentence, refused_for="attempts")
    return lateness(held, (), received_at)


def lateness(
    policy: Policy | None, extensions: Sequence[Extension], received_at: datetime
) -> Decision:
    """What something received then counts, whichever attempt it was."""
    if policy is None:
        return ON_TIME
    held = extended(policy, extensions)
    if held.cut_off is not None and received_at > held.cut_off:
        closed = f"Nothing is taken for this lesson after {told(held.cut_off, held.zone)}. {ASK}"
        return Decision(False, 0.0, closed, refused_for="cut-off")
    if held.due is None or received_at <= held.due + timedelta(minutes=held.grace_minutes):
        return ON_TIME
    days = days_late(held.due, held.zone, received_at)
    penalty = min(held.penalty_cap, held.penalty_per_day * days)
    late = "1 day late" if days == 1 else f"{days} days late"
    cost = f", {penalty:g} % less" if penalty else ""
    return Decision(True, 1 - penalty / 100, f"{late}{cost}", days)


def extended(policy: Policy, extensions: Sequence[Extension]) -> Policy:
    """The policy as it holds for somebody: of everything the most generous."""
    due, cut_off, attempts = policy.due, policy.cut_off, policy.attempts
    for extension in extensions:
        if policy.due is not None and extension.due is not None:
            due = max(due or policy.due, extension.due)
        if policy.cut_off is not None:
            cut_off = max(cut_off or policy.cut_off, _moved(policy, extension))
        if policy.attempts is not None and attempts is not None:
            attempts = max(attempts, policy.attempts + max(0, extension.extra_attempts))
    return replace(policy, due=due, cut_off=cut_off, attempts=attempts)


def days_late(due: datetime, zone: str, received_at: datetime) -> int:
    """Days begun after `due` by the clock of the zone; 0 until then."""
    if received_at <= due:
        return 0
    if received_at - due > ENDLESS:
        return ENDLESS.days
    place = zone_of(zone)
    wall = due.astimezone(place).replace(tzinfo=None)
    # The clock may have been put forward or back since, so one day around the quotient is tried.
    days = max(1, (received_at - due) // timedelta(1) - 1)
    while _at(wall + timedelta(days), place) < received_at:
        days += 1
    return days


def moment(text: str, zone: str) -> datetime:
    """A time as somebody wrote it (ISO 8601), in UTC; without an offset it is the zone's.

    An hour that the clock shows twice counts as the later one. Raises Invalid, also for an hour
    that is left out when the clock is put forward.
    """
    place = zone_of(zone)
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        found = _at(read, place)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{text!r} is not a time such as 2026-11-20T23:59") from error
    if found.astimezone(place).replace(tzinfo=None) != read:
        raise Invalid(f"There is no {read:%H:%M} on {read:%Y-%m-%d} in {zone}; the clock skips it")
    return found


def zone_of(name: str) -> ZoneInfo:
    """Raises Invalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(f"{name!r} is not a time zone such as Europe/Vienna") from error


def told(at: datetime, zone: str) -> str:
    """A moment as people of the zone read it."""
    return f"{at.astimezone(zone_of(zone)):%-d %B %Y, %H:%M} ({zone})"


def check(policy: Policy) -> Policy:
    """The policy, when it makes sense. Raises Invalid."""
    zone_of(policy.zone)
    for name, value, top in (
        ("penalty per day", policy.penalty_per_day, 100.0),
        ("cap of the penalty", policy.penalty_cap, 100.0),
        ("grace", policy.grace_minutes, 60 * 24 * 14),
    ):
        if not 0 <= value <= top:
            raise Invalid(f"The {name} must be between 0 and {top:g}")
    if policy.attempts is not None and not 1 <= policy.attempts <= 10_000:
        raise Invalid("The number of attempts must be at least 1; leave it out for no limit")
    if policy.due is None and (policy.penalty_per_day or policy.grace_minutes):
        raise Invalid("A penalty and a grace need a due date")
    if policy.due is not None and policy.cut_off is not None and policy.cut_off < policy.due:
        raise Invalid("Hand-ins cannot end before they are due")
    return policy


def _moved(policy: Policy, extension: Extension) -> datetime:
    """How far an extension moves the cut-off; never to an earlier time."""
    assert policy.cut_off is not None
    moments = [policy.cut_off]
    if extension.cut_off is not None:
        moments.append(extension.cut_off)
    elif extension.due is not None:
        moments.append(policy.cut_off + (extension.due - (policy.due or extension.due)))
        moments.append(extension.due)
    return max(moments)


def _at(wall: datetime, place: ZoneInfo) -> datetime:
    # Of an hour that comes twice, or is skipped, the later reading: the kinder one.
    return max(wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
