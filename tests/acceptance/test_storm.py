"""Nothing is lost, and nothing is graded twice, while workers are killed under load.

benchmarks/storm.py is the same with a thousand hand-ins by a hundred people in a minute.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from running import up
from storming import Storm, Weather

WEATHER = Weather(clients=20, each=10, seconds=12, every=3)


def test_every_hand_in_has_exactly_one_score_though_workers_are_killed(
    data: Path, tmp_path: Path
) -> None:
    with up(data) as run:
        storm = Storm(run, WEATHER)
        storm.prepare(tmp_path / "course")
        asyncio.run(storm.blow())
        found = {one.submission: one for one in storm.gradings()}
        assert len(found) == len(storm.gradings()) == len(storm.sent) == 200
    assert storm.killed >= 3
    assert all(len(set(one.receipts)) == 1 for one in storm.sent)
    assert {one.receipts[0] for one in storm.sent} == set(found)
    told = Counter((one.state, one.error, one.cells) for one in found.values())
    assert told == {("graded", None, 1): 200}
    assert all(found[one.receipts[0]].points == one.worth for one in storm.sent)
