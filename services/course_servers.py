"""What a course wants of its students' servers, over HTTP and as a form's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from coursewright.records import servers
from coursewright.records.errors import Invalid
from coursewright.records.servers import Server
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH

FIELDS = ("image", "cpu", "memory_mb", "idle_minutes")


class ServerOfCourse(APIHandler):
    @documented({200: "CourseServer"})
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """What a course wants of its students' servers; what is not said is the site's usual."""
        self.answer(asdict(await self.ask(servers.of, course)))

    @documented({200: "CourseServer"}, takes="CourseServer")
    @needs(TEACH, role="instructor")
    async def put(self, course: str) -> None:
        """Let servers be so from their next start, where each is a container of its own.

        The image is one that administrators allow. `cpu` is cores, `memory_mb` MiB, both at most.
        """
        wanted = Server(**self.sent())
        await self.ask(servers.say, self.person, course, wanted, request_id=self.request_id)
        self.answer(asdict(wanted))


def from_form(form: Mapping[str, str]) -> Server:
    """Raises Invalid."""
    memory, idle = (_number(form[name]) for name in ("memory_mb", "idle_minutes"))
    if any(one is not None and not one.is_integer() for one in (memory, idle)):
        raise Invalid("Memory and idle minutes are whole numbers")
    return Server(
        form["image"],
        _number(form["cpu"]),
        None if memory is None else int(memory),
        None if idle is None else int(idle),
    )


def to_form(wanted: Server) -> dict[str, str]:
    numbers = {name: getattr(wanted, name) for name in FIELDS[1:]}
    shown = {name: "" if found is None else f"{found:g}" for name, found in numbers.items()}
    return {"image": wanted.image, **shown}


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError as error:
        raise Invalid(f"{text!r} is not a number") from error


ROUTES = [Route("api/v1/courses/{course}/server", ServerOfCourse)]
