"""Settings of the model, from the environment."""

from __future__ import annotations

import pytest

from coursewright.generator.budget import Prices
from coursewright.generator.endpoint import Endpoint, from_environment, solver_from_environment
from coursewright.records.errors import Invalid

URL = "http://127.0.0.1:1/v1"
BASE = {"COURSEWRIGHT_LLM_BASE_URL": URL, "COURSEWRIGHT_LLM_MODEL": "m"}
KEYED = BASE | {"COURSEWRIGHT_LLM_API_KEY": "sk-main"}


def test_no_settings_are_no_endpoint() -> None:
    assert from_environment({"OPENAI_API_KEY": "sk", "OPENAI_BASE_URL": URL}) is None


def test_all_settings_are_read() -> None:
    more = {"INPUT_PRICE": "0.5", "OUTPUT_PRICE": "2", "TIMEOUT": "90"}
    environ = KEYED | {f"COURSEWRIGHT_LLM_{name}": value for name, value in more.items()}
    wanted = Endpoint(URL, "m", "sk-main", Prices(0.5, 2.0), 90.0)
    assert from_environment(environ | {"COURSEWRIGHT_LLM_BASE_URL": URL + "/"}) == wanted


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"COURSEWRIGHT_LLM_MODEL": "m"}, "COURSEWRIGHT_LLM_BASE_URL is not"),
        ({"COURSEWRIGHT_LLM_BASE_URL": URL}, "There is no default model"),
        (BASE | {"COURSEWRIGHT_LLM_BASE_URL": "127.0.0.1:8000"}, "must begin with http"),
        (BASE | {"COURSEWRIGHT_LLM_INPUT_PRICE": "two"}, "must be a number"),
        (BASE | {"COURSEWRIGHT_LLM_INPUT_PRICE": "-1"}, "0 or more"),
        (BASE | {"COURSEWRIGHT_LLM_OUTPUT_PRICE": "nan"}, "0 or more"),
        (BASE | {"COURSEWRIGHT_LLM_TIMEOUT": "0"}, "more than 0 seconds"),
    ],
)
def test_half_an_endpoint_is_told(environ: dict[str, str], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        from_environment(environ)


def test_the_solver_may_be_another_model_or_elsewhere() -> None:
    main = from_environment(KEYED)
    assert main is not None
    assert solver_from_environment(KEYED, main) is None
    second = solver_from_environment(KEYED | {"COURSEWRIGHT_LLM_SOLVER_MODEL": "n"}, main)
    assert second == Endpoint(URL, "n", "sk-main")
    with pytest.raises(Invalid, match="SOLVER_MODEL is not"):
        solver_from_environment(KEYED | {"COURSEWRIGHT_LLM_SOLVER_BASE_URL": URL + "2"}, main)


def test_another_address_never_gets_the_first_ones_key() -> None:
    main = from_environment(KEYED)
    assert main is not None
    elsewhere = {
        "COURSEWRIGHT_LLM_SOLVER_MODEL": "n",
        "COURSEWRIGHT_LLM_SOLVER_BASE_URL": "http://127.0.0.1:2/v1",
    }
    second = solver_from_environment(KEYED | elsewhere, main)
    assert second is not None
    assert second.api_key == "none"
    keyed = solver_from_environment(
        KEYED | elsewhere | {"COURSEWRIGHT_LLM_SOLVER_API_KEY": "sk-two"}, main
    )
    assert keyed is not None
    assert keyed.api_key == "sk-two"


def test_neither_key_nor_password_is_shown() -> None:
    endpoint = Endpoint("http://ada:pass-word@127.0.0.1:1/v1", "m", "sk-secret")
    assert "sk-secret" not in repr(endpoint)
    assert endpoint.address == URL
    assert endpoint.mask("got sk-secret and\n pass-word") == "got … and …"
