"""What the browser carries while it signs in at the Hub."""

from __future__ import annotations

from school import PREFIX, Client

from coursewright.services.oauth_states import BEGUN, TravellingStates


def states(key: bytes, **settings: int) -> TravellingStates:
    made = TravellingStates(
        api_url="http://127.0.0.1/hub/api",
        api_token="the-service-itself",
        base_url=PREFIX,
        oauth_client_id="service-coursewright",
        oauth_redirect_uri=f"{PREFIX}oauth_callback",
        **settings,
    )
    made.states_key = key
    return made


def test_another_process_knows_where_to_go_on() -> None:
    state = states(b"key").generate_state("/courses/sums", code_verifier="only-ours")
    assert states(b"key").get_next_url(state) == "/courses/sums"
    assert states(b"key").get_code_verifier(state) == "only-ours"
    assert "only-ours" not in state


def test_what_is_not_ours_or_is_too_old_leads_home() -> None:
    state = states(b"key").generate_state("/courses/sums")
    for reader in (states(b"another"), states(b"key", oauth_state_max_age=-1)):
        assert reader.get_next_url(state) == PREFIX
    assert states(b"key").get_next_url("forged") == PREFIX


def test_sign_ins_that_are_begun_again_and_again_do_not_pile_up(client: Client) -> None:
    for _ in range(5 * BEGUN):
        assert client.get(None, "").status_code == 302
    assert len(client.http.cookies) <= BEGUN + 1
