"""Which pod a student gets, by the courses that they belong to."""

from __future__ import annotations

import pytest

from coursewright.hub_config.profiles import COURSE, MIB, Usual, profiles, size
from coursewright.records.servers import CourseOfPerson, Server

USUAL = Usual("school.example/pod:1", 0.2, 0.5, 256 * MIB, 512 * MIB)
SUMS = CourseOfPerson("sums", "Sums", Server())
MORE = CourseOfPerson("more-sums", "More sums", Server())
LARGE = CourseOfPerson("large", "Large data", Server("school.example/large:2", 1.0, 1024, 30))
IMAGES = ("school.example/large:2",)


def test_somebody_without_a_course_gets_the_usual_server() -> None:
    (one,) = profiles([], IMAGES, USUAL)
    override = one["kubespawner_override"]
    assert override == {
        "image": USUAL.image,
        "cpu_limit": 0.5,
        "cpu_guarantee": 0.2,
        "mem_limit": 512 * MIB,
        "mem_guarantee": 256 * MIB,
        "args": [],
        "extra_labels": {COURSE: "none"},
    }


def test_a_course_has_its_own_image_size_and_end() -> None:
    (one,) = profiles([LARGE], IMAGES, USUAL)
    override = one["kubespawner_override"]
    assert override["image"] == "school.example/large:2"
    assert (override["cpu_guarantee"], override["mem_guarantee"]) == (0.4, 512 * MIB)
    assert "--ServerApp.shutdown_no_activity_timeout=1800" in override["args"]
    assert override["extra_labels"] == {COURSE: "large"}
    assert "1 cores and 1024 MB" in one["description"]


def test_courses_that_want_the_same_are_one_profile() -> None:
    one, two = profiles([LARGE, MORE, SUMS], IMAGES, USUAL)
    assert (one["slug"], two["display_name"]) == ("large", "More sums, Sums")
    assert two["kubespawner_override"]["extra_labels"] == {COURSE: "several"}


def test_an_image_that_administrators_took_away_is_not_used() -> None:
    (one,) = profiles([LARGE], (), USUAL)
    assert one["kubespawner_override"]["image"] == USUAL.image


def test_a_key_that_is_no_label_becomes_one() -> None:
    (one,) = profiles([CourseOfPerson("k" * 100, "Long", Server())], (), USUAL)
    assert len(one["kubespawner_override"]["extra_labels"][COURSE]) <= 63


@pytest.mark.parametrize(
    ("quantity", "found"), [("256Mi", 2**28), ("1Gi", 2**30), ("5M", 5_000_000), ("7", 7)]
)
def test_sizes_are_kubernetes_quantities(quantity: str, found: int) -> None:
    assert size(quantity) == found


@pytest.mark.parametrize("quantity", ["", "512 Mi", "1.5Gi", "Mi"])
def test_what_is_no_size_is_refused(quantity: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        size(quantity)
