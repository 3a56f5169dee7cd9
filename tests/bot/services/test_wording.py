from datetime import UTC, datetime, timedelta

import pytest

from bot.services import wording
from bot.services.answers import (
    Evidence,
    ModelStatus,
    ModelVersion,
    Progress,
    RatingChange,
)
from recommender.catalogue import Movie

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONTACT = Movie(1, "Contact", 1997)
ARRIVAL = Movie(2, "Arrival", 2016)
VERSION = ModelVersion(7, NOW - timedelta(hours=3), "current", "ml-latest-small", 81, 100_836, 0.5312, 41.6)


@pytest.mark.parametrize(
    ("stars", "number", "words"),
    [
        (0.5, "½", "½ star"),
        (1, "1", "1 star"),
        (1.5, "1½", "1½ stars"),
        (4.5, "4½", "4½ stars"),
        (5, "5", "5 stars"),
    ],
)
def test_stars(stars: float, number: str, words: str):
    assert wording.stars_number(stars) == number
    assert wording.stars_words(stars) == words


def test_lists():
    assert wording.listed([]) == ""
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b"]) == "a and b"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"


def test_evidence_names_title_and_stars():
    evidence = (Evidence(CONTACT, 5), Evidence(ARRIVAL, 4.5))
    assert wording.evidence_line(evidence) == "because you gave Contact ★5 and Arrival ★4½"
    assert wording.evidence_line(()) == ""
    assert wording.evidence_line(evidence, escape=lambda title: f"*{title}*").startswith(
        "because you gave *Contact* ★5"
    )


def test_bars_have_a_length_and_a_sign():
    assert wording.bar(1) == "▰▰▰▰▰ +"
    assert wording.bar(-1) == "▰▰▰▰▰ −"
    assert wording.bar(0.8) == "▰▰▰▰▱ +"
    assert wording.bar(-0.01) == "▰▱▱▱▱ −", "a genre that is shown has some effect"


@pytest.mark.parametrize(
    ("percentile", "text"),
    [(0, "match 0 %"), (97.9, "match 97 %"), (99.96, "match 99.9 %"), (100, "match 100 %")],
)
def test_a_match_is_never_rounded_up(percentile: float, text: str):
    assert wording.match(percentile) == text


def test_changes_say_what_was_recorded_and_what_it_replaced():
    movie = Movie(3, "Blade Runner", 1982)
    first = RatingChange(1, movie, 4.5, None, True)
    assert wording.change_line(first) == "recorded 4½ stars for Blade Runner (1982)"
    again = RatingChange(2, movie, 4.5, 3, True)
    assert wording.change_line(again) == "recorded 4½ stars for Blade Runner (1982), was 3"
    same = RatingChange(3, movie, 3, 3, True)
    assert wording.change_line(same) == "recorded 3 stars for Blade Runner (1982), as before"
    gone = RatingChange(4, movie, None, 3, True)
    assert wording.change_line(gone) == "removed your rating of Blade Runner (1982), which was 3 stars"
    unknown = RatingChange(5, movie, 4, None, False)
    assert "counts as seen" in wording.change_line(unknown)
    assert wording.change_line(first, escape=str.upper) == "recorded 4½ stars for BLADE RUNNER (1982)"


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=119), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=48), "2 days"),
        (timedelta(seconds=-5), "0 s"),
    ],
)
def test_spans_of_time(time: timedelta, text: str):
    assert wording.span(time) == text


def test_age_and_due_time():
    assert wording.age(NOW - timedelta(hours=3), NOW) == "3 h ago"
    assert wording.age(NOW, NOW) == "just now"
    assert wording.due(NOW + timedelta(minutes=5), NOW) == "in 5 min"
    assert wording.due(NOW - timedelta(minutes=5), NOW) == "now"


def test_a_version_in_one_line():
    assert wording.version_line(VERSION, NOW) == (
        "model 7, current, 3 h ago: ml-latest-small, 81 ratings by friends and 100,836 by others, "
        "NDCG@10 0.531, fitted in 42 s"
    )
    failed = ModelVersion(8, NOW, "failed", "starter", 1, 0, None, 2, "killed by signal 9")
    line = wording.version_line(failed, NOW)
    assert line.endswith("(killed by signal 9)")
    assert "1 rating by friends" in line
    assert "not measured" in line


def test_status_tells_model_plan_and_error():
    status = ModelStatus(VERSION, 9742, 1, None, "", NOW + timedelta(hours=3), 19)
    assert wording.status_lines(status, NOW) == [
        wording.version_line(VERSION, NOW),
        "knows 9,742 movies; 1 rating changed since",
        "next retrain in 3 h, or after 19 more ratings",
    ]
    overdue = ModelStatus(VERSION, 9742, 25, None, "", NOW, 0)
    assert wording.status_lines(overdue, NOW)[-1] == "next retrain now"
    running = ModelStatus(None, 1, 0, Progress("fitting", 3, 48, 7.4), "the fit was killed", None, 20)
    assert wording.status_lines(running, NOW) == [
        "no model yet; 1 movie in the catalogue, listed by popularity",
        "retraining now: fitting 3 of 48, 7 s",
        "last error: the fit was killed",
    ]
    idle = ModelStatus(VERSION, 9742, 0, None, "", None, 20)
    assert (
        wording.status_lines(idle, NOW)[-1] == "next retrain after 20 more ratings; nothing has changed yet"
    )
