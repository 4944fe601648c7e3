"""`coursewright capacity`: keep room warm for the students who are about to come.

Placeholder pods hold room on the nodes at a low priority. A student's pod takes the place of one at
once; a placeholder that finds no room makes the cluster's autoscaler bring a node, before anybody
waits for it. Run every few minutes (the chart's CronJob does).
"""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from traitlets import Bool, Integer, Unicode
from traitlets.config import Application

from coursewright.records import activity, database, forecast, schema, settings
from coursewright.records.errors import Invalid, Unavailable

WINDOW = timedelta(minutes=10)  # since somebody was seen last who counts as having a server


class CapacityApp(Application):
    """Scale the placeholder pods to the seats that the course calendar expects."""

    name = "coursewright capacity"
    description = __doc__ or ""
    examples = """
        coursewright capacity --show                       # the next 24 hours, nothing is changed
        coursewright capacity --statefulset=placeholders   # scale it, once
    """

    statefulset = Unicode(help="The StatefulSet of placeholder pods.").tag(config=True)
    namespace = Unicode("default", help="Where it is.").tag(config=True)
    lead = Integer(
        15, help="Minutes that a node takes to come and to load the images, generously."
    ).tag(config=True)
    least = Integer(0, help="Placeholders to keep at any time.").tag(config=True)
    most = Integer(500, help="Placeholders to have at most.").tag(config=True)
    show = Bool(False, help="Print the next 24 hours and change nothing.").tag(config=True)

    aliases = {
        name: f"CapacityApp.{name}"
        for name in ("statefulset", "namespace", "lead", "least", "most")
    }
    flags = {"show": ({"CapacityApp": {"show": True}}, "Print the next 24 hours; change nothing.")}

    def start(self) -> None:
        super().start()
        if not self.show and not self.statefulset:
            raise Invalid("Say which --statefulset to scale, or --show what is expected.")
        url = database.database_url(os.environ)
        schema.check(url)
        engine = database.make_engine(url)
        try:
            with database.sessions(engine).begin() as session:
                now = datetime.now(UTC)
                if self.show:
                    print_hours(session, now)
                    return
                wanted = self.wanted(session, now)
        finally:
            engine.dispose()
        asyncio.run(scale(self.namespace, self.statefulset, wanted))
        told = {"event": "placeholders", "statefulset": self.statefulset, "replicas": wanted}
        print(json.dumps(told))  # noqa: T201 (the log of a job that runs once)

    def wanted(self, session: Session, now: datetime) -> int:
        """Placeholders to have now."""
        habits = settings.read(session).habits
        ahead = timedelta(hours=habits.rush_hours, minutes=self.lead)
        found = forecast.calendars(session, now, ahead)
        spare = forecast.spare(
            found,
            now,
            habits,
            lead=timedelta(minutes=self.lead),
            running=activity.how_many_seen(session, now - WINDOW),
        )
        return min(max(spare, self.least), self.most)


def print_hours(session: Session, now: datetime) -> None:
    from rich.console import Console
    from rich.table import Table

    habits = settings.read(session).habits
    found = forecast.calendars(session, now, timedelta(hours=24 + habits.rush_hours))
    table = Table("Hour (UTC)", "Servers", "Courses")
    for hour, demand in forecast.hourly(found, now, 24, habits):
        courses = ", ".join(f"{key} {seats}" for key, seats in demand.by_course.items())
        table.add_row(f"{hour:%a %H:%M}", str(demand.seats), courses)
    Console().print(table)


async def scale(namespace: str, name: str, replicas: int) -> None:
    """Let a StatefulSet have so many pods. Raises Unavailable with what the cluster said."""
    from kubernetes_asyncio import client, config

    try:
        if "KUBERNETES_SERVICE_HOST" in os.environ:
            config.load_incluster_config()
        else:
            await config.load_kube_config()
        async with client.ApiClient() as api:
            body: dict[str, Any] = {"spec": {"replicas": replicas}}
            await client.AppsV1Api(api).patch_namespaced_stateful_set_scale(name, namespace, body)
    except (client.ApiException, config.ConfigException, OSError) as error:
        raise Unavailable(
            f"The placeholders {namespace}/{name} were not scaled to {replicas}: {error}. "
            "They stay as they are; the next run tries again."
        ) from error


if __name__ == "__main__":
    CapacityApp.launch_instance()
