"""The Hub's frame around the administrators' pages."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.services import hub_frame
from coursewright.services.hub_frame import HubUser


@given(st.text(max_size=40))
def test_a_name_cannot_end_the_script_that_it_stands_in(name: str) -> None:
    escaped = HubUser(name, admin=True).json_escaped_name
    assert not set("<>\n\r") & set(escaped)
    assert json.loads(f'"{escaped}"') == name


def test_only_the_first_script_of_the_page_is_let_in() -> None:
    page = '<script type="text/javascript">a()</script><script type="text/javascript">b()</script>'
    digest = base64.b64encode(hashlib.sha256(b"a()").digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in hub_frame.policy(page)
    assert "script-src 'self' ;" in hub_frame.policy("<p>None")


@pytest.mark.parametrize(
    ("scopes", "there"),
    [
        ({"custom:coursewright:admin", "admin-ui", "admin:users"}, {"Coursewright", "Admin"}),
        ({"custom:coursewright:admin"}, {"Coursewright"}),
        (set(), set()),
    ],
)
def test_the_navigation_offers_what_somebody_may_do(scopes: set[str], there: set[str]) -> None:
    frame = hub_frame.frame("/base/hub/", "/base/services/coursewright/", "ada", frozenset(scopes))
    page = hub_frame.environment().get_template("page.html").render(frame)
    offered = {"Coursewright", "Admin"}
    assert {name for name in offered if f">{name}</a>" in page.replace("\n", "")} == there
    if "Coursewright" in there:
        assert 'href="/base/services/coursewright/admin"' in page
