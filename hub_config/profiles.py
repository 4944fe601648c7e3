"""What a student's pod is made of, as the courses say to which the student belongs."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kubespawner.slugs import is_valid_label, safe_slug
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import database, servers, settings
from coursewright.records.errors import Unavailable
from coursewright.records.servers import CourseOfPerson, Server

COURSE = "coursewright.org/course"
MIB = 2**20
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": MIB, "Gi": 2**30}


def size(quantity: str) -> int:
    """Bytes. Raises ValueError."""
    found = re.fullmatch(r"(\d+)(k|M|G|Ki|Mi|Gi)?", quantity)
    if found is None:
        raise ValueError(f"{quantity!r} is not a size such as 512Mi")
    return int(found[1]) * UNITS[found[2] or ""]


@dataclass(frozen=True)
class Usual:
    """The pod of which no course says anything; cores, and bytes."""

    image: str
    cpu_request: float
    cpu: float
    memory_request: int
    memory: int


class Profiles:
    """As `KubeSpawner.profile_list`; reads courses and settings from the database at `url`.

    Courses that want the same are one profile. A student with one profile is asked nothing.
    """

    def __init__(self, url: str, usual: Usual) -> None:
        self._url = url
        self._usual = usual

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        return database.sessions(database.make_engine(self._url, pool_size=1))

    async def __call__(self, spawner: Any) -> list[dict[str, Any]]:
        try:
            courses, images = await asyncio.to_thread(self.read, spawner.user.name)
        except Unavailable:
            spawner.log.warning("The usual server for %s: no database", spawner.user.name)
            courses, images = [], ()
        return profiles(courses, images, self._usual)

    def read(self, person: str) -> tuple[list[CourseOfPerson], tuple[str, ...]]:
        with self.sessions() as session:
            return servers.of_person(session, person), settings.read(session).images


def profiles(
    courses: list[CourseOfPerson], images: tuple[str, ...], usual: Usual
) -> list[dict[str, Any]]:
    """At least one. An image that is no longer allowed counts as none."""
    groups: dict[Server, list[CourseOfPerson]] = {}
    for course in courses:
        said = course.server
        image = said.image if said.image in images else ""
        groups.setdefault(Server(image, said.cpu, said.memory_mb, said.idle_minutes), []).append(
            course
        )
    return [_profile(said, group, usual) for said, group in groups.items()] or [
        _profile(Server(), [], usual)
    ]


def _profile(said: Server, courses: list[CourseOfPerson], usual: Usual) -> dict[str, Any]:
    """Everything is named, for a spawner keeps what it was told for the server before."""
    cpu = said.cpu or usual.cpu
    memory = (said.memory_mb or 0) * MIB or usual.memory
    idle = f"; it stops after {said.idle_minutes} idle minutes" if said.idle_minutes else ""
    key = "none" if not courses else courses[0].key if len(courses) == 1 else "several"
    return {
        "slug": courses[0].key if courses else "usual",
        "display_name": ", ".join(course.title for course in courses) or "The usual server",
        "description": f"{cpu:g} cores and {memory // MIB} MB of memory at most{idle}.",
        "kubespawner_override": {
            "image": said.image or usual.image,
            "cpu_limit": cpu,
            "cpu_guarantee": round(cpu * usual.cpu_request / usual.cpu, 3),
            "mem_limit": memory,
            "mem_guarantee": memory * usual.memory_request // usual.memory,
            "args": idle_arguments(said.idle_minutes),
            "extra_labels": {COURSE: safe_slug(key, is_valid=is_valid_label)},
        },
    }


def idle_arguments(minutes: int | None) -> list[str]:
    """For the server, which looks after itself: kernels end first, then all of it."""
    if minutes is None:
        return []
    seconds = minutes * 60
    return [
        f"--MappingKernelManager.cull_idle_timeout={seconds}",
        "--MappingKernelManager.cull_connected=True",
        "--MappingKernelManager.cull_interval=60",
        f"--TerminalManager.cull_inactive_timeout={seconds}",
        f"--ServerApp.shutdown_no_activity_timeout={seconds}",
    ]
