"""What administrators decide, as the Hub reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from coursewright.hub_config.accounts import LocalAuthenticator
from coursewright.hub_config.admission import Admission, Announcement
from coursewright.records import people, settings
from coursewright.records.settings import Settings

NOWHERE = "postgresql+psycopg://nobody@/nowhere?host=/nowhere"


@pytest.fixture
def admission(fresh_database: str) -> Iterator[Admission]:
    admission = Admission(fresh_database)
    yield admission
    admission.sessions.kw["bind"].dispose()


def test_somebody_is_out_while_they_are_deactivated(admission: Admission) -> None:
    with admission.sessions.begin() as session:
        people.deactivate(session, "root", "grace", "Left")
    assert asyncio.run(admission.is_deactivated("grace"))
    assert not asyncio.run(admission.is_deactivated("ada"))
    with admission.sessions.begin() as session:
        people.reactivate(session, "root", "grace")
    assert not asyncio.run(admission.is_deactivated("grace"))


def test_without_the_database_all_is_as_the_site_was_started() -> None:
    away = Admission(NOWHERE)
    assert asyncio.run(away.settings()) == Settings()
    assert not asyncio.run(away.is_deactivated("grace"))
    told = Announcement(away)
    told.look()
    assert told() == ""


def test_the_message_is_text_for_the_hubs_page(admission: Admission) -> None:
    told = Announcement(admission)
    assert told() == ""
    with admission.sessions.begin() as session:
        settings.change(session, "root", {"maintenance": "<b>Soon</b>"})
    told.look()
    assert told("somebody") == "&lt;b&gt;Soon&lt;/b&gt;"


POLICIES = {
    # what is decided: (sign-up, at once, only made); the site was started with (True, True)
    "as started": (True, True, False),
    "open": (True, True, False),
    "approval": (True, False, False),
    "closed": (True, False, True),
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("isolated", [True, False])
def test_sign_up_is_as_administrators_decide(
    admission: Admission, policy: str, isolated: bool
) -> None:
    with admission.sessions.begin() as session:
        settings.change(session, "root", {"sign_up": policy})
    authenticator = bare()
    authenticator.admission, authenticator.may_sign_up = admission, isolated
    usual = (isolated, isolated)
    asyncio.run(authenticator.settle_sign_up(usual))
    found = (authenticator.enable_signup, authenticator.open_signup, authenticator.only_made)
    # Without isolation nobody else comes in, whatever is decided.
    assert found == (POLICIES[policy] if isolated else (False, False, False))


def bare() -> Any:
    """An authenticator without a Hub's database."""
    return LocalAuthenticator.__new__(LocalAuthenticator)
