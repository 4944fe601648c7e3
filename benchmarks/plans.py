"""Which queries cost most, and whether their plans read a large table whole."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event, text

LARGE = 10_000  # rows, from which on a table is not to be read whole
HOTTEST = 10


@dataclass
class Query:
    """A statement, the parameters of its slowest run, and all its seconds."""

    statement: str
    parameters: Any
    slowest: float = 0.0
    seconds: float = 0.0
    runs: int = 0


class Ledger:
    """Watches an engine; `offences` are the large tables that one of the hottest reads whole."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.queries: dict[str, Query] = {}
        self.offences: list[str] = []

    def watch(self, url: str, pages: Iterable[tuple[str, str]], times: int = 3) -> None:
        """Ask for every page, with its token, and note what the engine runs.

        The first time is not counted: what is reckoned once in some minutes for everybody
        (services/kept_figures.py) would stand there as if each request asked for it.
        """
        asked = list(pages)
        self._ask(url, asked)
        event.listen(self.engine, "before_cursor_execute", _before)
        event.listen(self.engine, "after_cursor_execute", self._after)
        self._ask(url, asked * times)
        event.remove(self.engine, "before_cursor_execute", _before)
        event.remove(self.engine, "after_cursor_execute", self._after)

    @staticmethod
    def _ask(url: str, pages: Iterable[tuple[str, str]]) -> None:
        for path, token in pages:
            request = urllib.request.Request(f"{url}{path}")
            request.add_header("Authorization", f"token {token}")
            # What is refused is told by the load that follows.
            with (
                suppress(urllib.error.HTTPError),
                urllib.request.urlopen(request, timeout=120) as answer,
            ):
                answer.read()

    def hottest(self) -> list[Query]:
        reads = [
            query
            for query in self.queries.values()
            if query.statement.lstrip().upper().startswith(("SELECT", "WITH"))
        ]
        return sorted(reads, key=lambda query: -query.seconds)[:HOTTEST]

    def tell(self) -> None:
        """Print the hottest queries, and note what they read whole."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")
            )
            large = {name for name, count in rows if count >= LARGE}
            for query in self.hottest():
                plan = connection.exec_driver_sql(
                    f"EXPLAIN (FORMAT JSON) {query.statement}", query.parameters
                ).scalar_one()
                nodes = list(_nodes(plan[0]["Plan"]))
                whole = sorted(
                    {
                        node["Relation Name"]
                        for node in nodes
                        if node["Node Type"].endswith("Seq Scan") and node["Relation Name"] in large
                    }
                )
                used = sorted({node["Index Name"] for node in nodes if "Index Name" in node})
                shown = " ".join(query.statement.split())
                print(
                    f"{query.seconds / query.runs * 1000:8.1f} ms × {query.runs:3}  {shown[:150]}"
                )
                print(f"            indexes: {', '.join(used) or 'none'}", end="")
                print(f"; READ WHOLE: {', '.join(whole)}" if whole else "")
                self.offences += [f"{name}: {shown[:80]}" for name in whole]

    def _after(
        self, connection: Any, _cursor: Any, statement: str, parameters: Any, _: Any, _many: bool
    ) -> None:
        took = time.perf_counter() - connection.info["began"].pop()
        query = self.queries.setdefault(statement, Query(statement, parameters))
        query.seconds += took
        query.runs += 1
        if took > query.slowest:
            query.slowest, query.parameters = took, parameters


def _before(connection: Any, *_: Any) -> None:
    connection.info.setdefault("began", []).append(time.perf_counter())


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found: dict[str, Any] = defaultdict(str, plan)
    yield found
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
