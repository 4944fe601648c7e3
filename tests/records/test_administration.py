"""What administrators decide and look at, as the records have it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from coursewright.records import (
    audit,
    courses,
    events,
    failures,
    generations,
    health,
    jobs,
    people,
    queue_state,
    settings,
    spending,
    storage,
)
from coursewright.records.audit import Wanted
from coursewright.records.errors import Conflict, Denied, Invalid, NotFound
from coursewright.records.generations import Order
from coursewright.records.settings import Settings
from coursewright.records.spending import Spent


def test_the_audit_log_uses_its_index(session: Session) -> None:
    someone = courses.person(session, "root")
    session.execute(
        text(
            "INSERT INTO events (name, person_id, object) SELECT 'learning.here', :id, '' "
            "FROM generate_series(1, 5000)"
        ),
        {"id": someone.id},
    )
    session.execute(
        text(
            "INSERT INTO events (name, person_id, object) SELECT 'audit.trial.run', :id, "
            "'object-' || i FROM generate_series(0, 1999) i"
        ),
        {"id": someone.id},
    )
    session.execute(text("ANALYZE events"))
    plan = session.execute(
        text("EXPLAIN SELECT * FROM events WHERE name LIKE 'audit.%' ORDER BY id DESC LIMIT 50")
    )
    assert "ix_events_audit_id" in "".join(row[0] for row in plan)
    first = audit.entries(session, Wanted(), limit=50)
    then = audit.entries(session, Wanted(), after=first[-1].id, limit=50)
    newest = [f"object-{number}" for number in reversed(range(1900, 2000))]
    assert [one.object for one in first + then] == newest


@pytest.mark.parametrize("what", ["%", "_", "audit.%", "trial_run"])
def test_a_filter_takes_signs_of_patterns_as_they_are(session: Session, what: str) -> None:
    events.record(session, "audit.trial.run", courses.person(session, "root"), "x")
    session.flush()
    assert audit.entries(session, Wanted(what=what)) == []
    assert audit.entries(session, Wanted(what="audit.trial"))


def test_a_setting_that_is_put_back_leaves_its_history(session: Session) -> None:
    settings.change(session, "root", {"body_mb": 5, "models": ("small",)})
    assert settings.read(session) == Settings(body_mb=5, models=("small",))
    settings.change(session, "root", {"body_mb": None, "models": ("small",)})
    assert settings.read(session) == Settings(models=("small",))
    told = [(one.name, one.before, one.after, one.by) for one in settings.history(session)]
    assert told == [
        ("body_mb", 5, None, "root"),
        ("models", [], ["small"], "root"),
        ("body_mb", None, 5, "root"),
    ]


@pytest.mark.parametrize("changes", [{"colour": "red"}, {"body_mb": 61}, {"models": ("",)}])
def test_a_setting_that_is_none_is_refused(session: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        settings.change(session, "root", changes)


def test_a_model_is_refused_only_where_some_are_named() -> None:
    settings.refuse_model(Settings(), "any")
    settings.refuse_model(Settings(models=("small",)), "small")
    with pytest.raises(Invalid, match="do not allow the model 'large'"):
        settings.refuse_model(Settings(models=("small",)), "large")


def test_nobody_is_deactivated_twice_or_by_themself(session: Session) -> None:
    people.deactivate(session, "root", "grace", "Left")
    with pytest.raises(Conflict, match="already"):
        people.deactivate(session, "root", "grace", "Left")
    with pytest.raises(Conflict, match="themself"):
        people.deactivate(session, "root", "root", "")
    assert settings.in_force(session).deactivated == {"grace"}
    assert [(one.name, one.reason) for one in people.deactivated(session)] == [("grace", "Left")]
    people.reactivate(session, "root", "grace")
    with pytest.raises(NotFound):
        people.reactivate(session, "root", "grace")


def spend(session: Session, by: str, key: str, cost: float | None, tokens: int = 10) -> None:
    number = generations.request(session, Order({"topic": "x", "key": key}, "openai"), by)
    generations.add_call(session, number, "{}", prompt=tokens, completion=0, cost=cost)
    session.flush()


def test_spending_is_counted_by_month(session: Session) -> None:
    spend(session, "ada", "sums", 1.5)
    spend(session, "ada", "other", None, 7)
    session.execute(text("UPDATE generation_calls SET at = at - interval '40 days' WHERE cost > 0"))
    assert spending.this_month(session, "site") == Spent(0.0, 7, 1, 1)
    old, new = sorted(spending.by_month(session, "person"), key=lambda one: one.month)
    assert (old.subject, old.money, old.unpriced, new.tokens) == ("ada", 1.5, 0, 7)
    assert [one.subject for one in spending.by_month(session, "course")] == ["other", "sums"]


@given(
    money=st.none() | st.floats(0, 100),
    tokens=st.none() | st.integers(0, 100),
    spent=st.floats(0, 100),
    used=st.integers(0, 100),
)
def test_a_budget_is_used_up_when_one_of_its_limits_is(
    money: float | None, tokens: int | None, spent: float, used: int
) -> None:
    over = spending._over(Spent(spent, used, 1, 0), money, tokens)
    assert over == any(
        limit is not None and value >= limit for value, limit in ((spent, money), (used, tokens))
    )


def test_somebodys_own_budget_comes_before_that_of_each(session: Session) -> None:
    spend(session, "ada", "sums", 5.0)
    spending.set_budget(session, "root", "person", "", money=1, tokens=None)
    with pytest.raises(Denied, match="The budget of ada"):
        spending.refuse_overspent(session, "ada", None)
    spending.refuse_overspent(session, "grace", None)
    spending.set_budget(session, "root", "person", "ada", money=100, tokens=None)
    spending.refuse_overspent(session, "ada", None)
    found = {one.subject: one for one in spending.budgets(session)}
    assert found[""].used is None
    assert found["ada"].used == Spent(5.0, 10, 1, 0)


def test_the_queue_tells_its_depth_and_age(session: Session) -> None:
    assert [one.age for one in queue_state.depths(session)] == [None, None]
    jobs.enqueue(session, "grade", submission_id=1)
    later = jobs.enqueue(session, "grade", submission_id=2)
    taken = jobs.enqueue(session, "grade", submission_id=3)
    session.execute(
        text("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 h' WHERE id = :id"),
        {"id": later},
    )
    session.execute(text("UPDATE procrastinate_events SET at = at - interval '10 min'"))
    (worker,) = session.execute(
        text("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    )
    session.execute(
        text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE id = :id"),
        {"id": taken, "worker": worker[0]},
    )
    grade = queue_state.depths(session)[0]
    assert (grade.waiting, grade.later, grade.running, grade.failed) == (1, 1, 1, 0)
    assert grade.age is not None
    assert 600 <= grade.age < 700
    assert not grade.is_stuck
    (running,) = queue_state.running(session)
    assert running.about == "submission 3"
    (known,) = queue_state.workers(session)
    assert known.alive
    assert known.jobs == (f"grade {taken}",)


def test_a_failed_job_gives_way_to_a_new_one(session: Session) -> None:
    number = generations.request(session, Order({"topic": "x"}, "bank"), "ada")
    session.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
    generations.give_up(session, number, "failed", "It broke")
    session.flush()
    (found,) = failures.failures(session)
    assert (found.kind, found.id, found.whose, found.reason) == (
        "generation",
        number,
        "ada",
        "It broke",
    )
    failures.retry(session, "root", "generation", number)
    session.flush()
    states = session.scalars(text("SELECT status::text FROM procrastinate_jobs")).all()
    assert list(states) == ["todo"]
    with pytest.raises(Conflict):
        failures.retry(session, "root", "generation", number)
    with pytest.raises(NotFound):
        failures.retry(session, "root", "planet", number)


def test_the_database_tells_of_itself(session: Session) -> None:
    server = health.server(session)
    assert server.size > 0
    assert server.directory
    assert health.counts(session).courses == 0
    assert storage.database_size(session) == pytest.approx(server.size, rel=0.5)
    assert "blobs" in {one.name for one in storage.tables(session, 100)}
