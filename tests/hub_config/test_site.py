"""What crosses from `coursewright up` to the Hub."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coursewright.hub_config.site import Site

text = st.text(st.characters(exclude_characters="\0", codec="utf-8"))


@given(
    st.builds(
        Site,
        data_dir=text,
        database=text,
        hub_database=text,
        port=st.integers(1, 65535),
        isolated=st.booleans(),
        admin=text,
    )
)
def test_a_site_crosses_the_environment_unchanged(site: Site) -> None:
    assert Site.from_environ(site.to_environ()) == site


def test_the_address_says_the_scheme_and_brackets_an_ipv6_host() -> None:
    site = Site("", "", "", ip="::1", port=9, tls_key="key.pem")
    assert site.url == "https://[::1]:9/"
    assert site.loopback
