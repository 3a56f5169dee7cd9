"""Every screen stays within Discord's limits, whatever the titles, names and numbers in it are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.services.answers import (
    About,
    Evidence,
    Filters,
    GenreBar,
    GuildSettings,
    LikelyStars,
    ModelStatus,
    ModelVersion,
    Pick,
    Picks,
    Progress,
    RatedMovie,
    RatingChange,
    RatingsPage,
    RetrainResult,
    SimilarMovie,
    SimilarMovies,
    Why,
    WhyPart,
)
from bot.services.data_list import DataStatus, Renewal
from bot.services.filters import LONGEST, MOST_LETTERS
from bot.services.imports.applying import Applied
from bot.services.imports.entries import Columns, Entry, Parsed, Wishes
from bot.services.imports.matching import How
from bot.services.imports.planning import Plan, Step
from bot.services.imports.reading import MOST_COLUMNS
from bot.services.imports.service import DoneImport, Preview
from bot.services.languages import NAMES
from bot.services.nights.answers import NightSettings
from bot.services.schedule import Thresholds
from bot.services.tmdb.movies import MovieCard
from bot.services.unmatched import Unmatched, UnmatchedPage
from bot.store.movies import MovieRef
from bot.ui.embeds import embed, fitted, weight
from bot.ui.explain import Scale, why_screen
from bot.ui.ids import custom_id, pack_filters, parse, unpack_filters
from bot.ui.imports import column_screen, done_screen, preview_screen, recent_screen
from bot.ui.model import (
    about_screen,
    data_screen,
    failure_screen,
    history_screen,
    progress_embed,
    result_screen,
    rollback_screen,
    status_screen,
)
from bot.ui.movie import movie_screen
from bot.ui.movies import Wish, picks_screen, popular_screen, similar_screen
from bot.ui.picker import Question, one_of
from bot.ui.ratings import change_screen, newcomer_screen, quick_screen, ratings_screen, stars_form
from bot.ui.screen import Person, Screen
from bot.ui.server import settings_screen
from bot.ui.unmatched import kept_screen, none_button, waiting_screen
from recommender.catalogue import GENRES, Movie
from recommender.explain import KINDS
from recommender.titles import Lookup
from tests.discord.films import WILD_TITLES
from tests.discord.limits import check_components, check_embeds, check_label, check_screen

NOW = datetime(2026, 3, 1, tzinfo=UTC)

texts = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="*_`@#<>|~[]😀ש\n\u200b\u202e ", max_size=300),
    st.sampled_from(WILD_TITLES),
    st.just("W" * 300),
    st.just("*" * 300),
)
user_ids = st.integers(1, 2**63 - 1)
people = st.builds(Person, user_ids, texts)
movie_ids = st.one_of(st.integers(1, 300_000), st.integers(-(2**31), 2**31))
genres = st.lists(st.sampled_from(GENRES), max_size=6, unique=True).map(tuple)
movies = st.builds(
    Movie,
    movie_ids,
    texts,
    st.one_of(st.none(), st.integers(1870, 2100)),
    genres,
    directors=st.lists(texts, max_size=3).map(tuple),
    cast=st.lists(texts, max_size=3).map(tuple),
)
stars = st.integers(1, 10).map(lambda half: half / 2)
shares = st.floats(-1, 1)
percentiles = st.floats(0, 100)
values = st.floats(-100, 100)
evidence = st.lists(st.builds(Evidence, movies, stars), max_size=4).map(tuple)
bars = st.lists(st.builds(GenreBar, st.sampled_from(GENRES), shares), max_size=6).map(tuple)
likely = st.one_of(st.none(), st.builds(LikelyStars, stars, st.floats(0.1, 4.5)))
picks = st.builds(Pick, movies, percentiles, bars, evidence, texts, likely)


def pick_lists(personal: bool) -> st.SearchStrategy[Picks]:
    several = st.lists(picks, min_size=1, max_size=10, unique_by=lambda pick: pick.movie.movie_id).map(tuple)
    return st.builds(Picks, several, st.just(personal), st.integers(0, 10**6), st.just("balanced"), texts)


years = st.one_of(st.none(), st.integers(1870, 2100))
NAME_LETTERS = st.characters(exclude_characters=":,")
some_genres = st.lists(st.sampled_from(GENRES), unique=True).map(
    lambda some: tuple(genre for genre in GENRES if genre in some)
)
filters = st.builds(
    Filters,
    some_genres,
    some_genres,
    years,
    years,
    st.booleans(),
    st.one_of(st.none(), st.integers(1, LONGEST)),
    st.one_of(st.none(), st.sampled_from(sorted(NAMES))),
    st.lists(st.text(NAME_LETTERS, min_size=1, max_size=MOST_LETTERS).filter(str.strip), max_size=3)
    .map(lambda names: tuple(dict.fromkeys(" ".join(name.split()) for name in names)))
    .filter(lambda names: len(",".join(names)) <= MOST_LETTERS),
)
wishes = st.builds(
    Wish, st.integers(1, 10), filters, st.sampled_from(["safe", "balanced", "adventurous"]), st.integers(0, 3)
)
versions = st.builds(
    ModelVersion,
    st.integers(1, 10**6),
    st.integers(0, 10**6).map(lambda seconds: NOW - timedelta(seconds=seconds)),
    st.sampled_from(["current", "kept", "rejected", "failed", "removed"]),
    texts,
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.one_of(st.none(), st.floats(0, 1)),
    st.floats(0, 10**5),
    texts,
)
parts = st.builds(WhyPart, st.sampled_from(KINDS), texts, values, values, evidence)

# Without shrinking: a failing example is found in seconds either way, shrinking these takes many minutes.
quick = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@quick
@given(people, pick_lists(personal=True), wishes)
async def test_picks(person: Person, found: Picks, wish: Wish) -> None:
    check_screen(picks_screen(person, found, wish))


@quick
@given(people, pick_lists(personal=False))
async def test_popular_list_and_quick_start(person: Person, found: Picks) -> None:
    listed = [pick.movie for pick in found.picks]
    check_screen(popular_screen(found))
    check_screen(newcomer_screen(person, found, listed))
    check_screen(quick_screen(person, listed, {listed[0].movie_id: 4.5}, None))


@quick
@given(people, movies, percentiles, values, st.lists(parts, max_size=40), st.booleans(), likely)
async def test_why(
    person: Person,
    movie: Movie,
    percentile: float,
    score: float,
    several: list[WhyPart],
    personal: bool,
    stars: LikelyStars | None,
) -> None:
    why = Why(movie, score, percentile, tuple(several), 4.5 if personal else None, personal, stars)
    check_screen(why_screen(person, why))


@given(st.lists(st.floats(-500, 500), max_size=60))
def test_shown_values_add_up(numbers: list[float]) -> None:
    scale = Scale.of(numbers)
    shown = scale.rounded(numbers)
    (total,) = scale.rounded([sum(numbers)])
    assert abs(sum(shown) - total) < 1e-6
    assert abs(total - sum(numbers)) <= 0.5 / 10**scale.decimals + 1e-6
    assert all(abs(one - number) < 1 / 10**scale.decimals for one, number in zip(shown, numbers, strict=True))
    assert sum(float(scale.show(one)) for one in shown) == pytest.approx(total)


@quick
@given(
    people,
    st.builds(
        RatingChange,
        user_ids,
        movies,
        st.one_of(st.none(), stars),
        st.one_of(st.none(), stars),
        st.booleans(),
    ),
)
async def test_changes(person: Person, change: RatingChange) -> None:
    check_screen(change_screen(person, change))


@quick
@given(people, people, st.lists(st.tuples(movies, stars), max_size=10), st.integers(0, 10**6))
async def test_rating_pages(
    asker: Person, whose: Person, rated: list[tuple[Movie, float]], total: int
) -> None:
    page = RatingsPage(
        tuple(RatedMovie(movie, given_stars, NOW, MovieRef(1)) for movie, given_stars in rated),
        total,
        3.14,
        7,
        total // 10 + 1,
    )
    check_screen(ratings_screen(asker.id, whose, page, "stars", UnmatchedPage((), 0, 0, 1)))


typed_rows = st.builds(
    Unmatched,
    st.integers(1, 2**63 - 1),
    st.one_of(st.text(min_size=1, max_size=300), st.sampled_from(WILD_TITLES)),
    st.one_of(st.none(), st.integers(1800, 2099)),
    stars,
    st.just(NOW),
    st.one_of(st.none(), stars),
    st.lists(movies, max_size=2).map(tuple),
)


@quick
@given(people, people, st.lists(typed_rows, max_size=2))
async def test_what_waits(asker: Person, whose: Person, rows: list[Unmatched]) -> None:
    # A whole page of them.
    many = [replace(row, waiting_id=2**62 + number) for number, row in enumerate(rows * 5)]
    page = UnmatchedPage(tuple(many), 20_000, 0, 2_000)
    few = UnmatchedPage(tuple(rows[:3]), 20_000, 0, 2_000)
    check_screen(ratings_screen(asker.id, whose, RatingsPage((), 0, None, 0, 1), "stars", few))
    check_screen(waiting_screen(asker, page))
    for row in rows:
        check_screen(kept_screen(asker, row, "ends on 28 November 2026"))


@quick
@given(people, st.one_of(st.text(min_size=1, max_size=400), st.sampled_from(WILD_TITLES)), st.integers(1, 10))
async def test_the_button_for_none_of_these(person: Person, title: str, half: int) -> None:
    typed = " ".join(title.split())
    for change_id in (0, 2**63 - 1):
        button = none_button(person.id, title, half / 2, change_id)
        check_screen(Screen("x", rows=((button,),)))
        control = parse(button.custom_id or "")
        assert control is not None
        assert control.state[0] == str(half)
        packed = unquote(control.state[-1])
        assert packed == typed if control.verb == "keep" else typed.startswith(packed)


@quick
@given(
    movies,
    st.lists(
        st.builds(SimilarMovie, movies, st.floats(0, 1), st.lists(texts, max_size=5).map(tuple)),
        max_size=10,
        unique_by=lambda one: one.movie.movie_id,
    ),
    people,
    texts,
)
async def test_similar_and_card(movie: Movie, found: list[SimilarMovie], person: Person, text: str) -> None:
    check_screen(similar_screen(movie, SimilarMovies(tuple(found), text)))
    check_screen(movie_screen(person, MovieCard(movie, None, None, 0)))


@quick
@given(
    st.lists(movies, min_size=2, max_size=30, unique_by=lambda movie: movie.movie_id),
    texts,
    filters,
    user_ids,
)
async def test_picker(several: list[Movie], text: str, wanted: Filters, owner: int) -> None:
    for kind in ("several", "close"):
        question = Question("picklike", owner, ("10", pack_filters(wanted)))
        screen = one_of(Lookup(tuple(several), kind), text, question)
        assert isinstance(screen, Screen)
        check_screen(screen)


@quick
@given(user_ids, movies)
async def test_stars_form(owner: int, movie: Movie) -> None:
    form = stars_form(owner, movie).to_dict()
    check_label(form["title"], 45)
    check_label(form["custom_id"], 100)
    (field,) = form["components"]
    check_label(field["label"], 45)
    check_components([{"components": [field["component"]]}])


@quick
@given(
    st.lists(versions, min_size=1, max_size=40),
    st.builds(Progress, texts, st.integers(-5, 10**6), st.integers(-5, 10**6), st.floats(0, 10**5)),
    texts,
)
async def test_model(several: list[ModelVersion], progress: Progress, text: str) -> None:
    first = several[0]
    renewal = Renewal(NOW, NOW, text, NOW)
    status = ModelStatus(first, 9742, 3, progress, text, NOW + timedelta(hours=1), 5)
    for screen in (
        status_screen(status, NOW),
        history_screen(several, NOW),
        rollback_screen(first, NOW),
        failure_screen(text, "Retraining came to nothing"),
        data_screen(DataStatus(text, 10**6, 10**5, text, 10**8, text, text, renewal=renewal), NOW),
        result_screen(RetrainResult(first, True, None, first.ndcg, text)),
        about_screen(About(text, first, text, 9742, 100_836, text * 10), NOW),
    ):
        check_screen(screen)
    check_embeds([progress_embed(progress).to_dict(), progress_embed(None).to_dict()])


@quick
@given(st.one_of(st.none(), user_ids), st.floats(0.5, 168), st.integers(1, 10_000), st.booleans(), texts)
async def test_settings(channel: int | None, hours: float, count: int, private: bool, server: str) -> None:
    nights = NightSettings(1, "America/Argentina/ComodRivadavia", channel)
    chosen = GuildSettings(1, movie_night_channel_id=channel, ephemeral=private)
    for thresholds in (Thresholds(hours, count), None):
        check_screen(settings_screen(chosen, nights, server, thresholds))


@quick
@given(
    st.lists(
        st.tuples(texts, st.text(max_size=5000), st.lists(st.tuples(texts, texts), max_size=30)), max_size=12
    )
)
def test_any_embeds_are_fitted(contents: list[tuple[str, str, list[tuple[str, str]]]]) -> None:
    embeds = fitted([embed(title, body, fields=fields, footer="f") for title, body, fields in contents])
    assert len(embeds) <= 10
    assert sum(map(weight, embeds)) <= 6000
    for one in embeds:
        assert len(one.description or "") <= 4096
        assert len(one.fields) <= 25


@given(filters)
def test_filters_survive_a_custom_id(wanted: Filters) -> None:
    assert unpack_filters(pack_filters(wanted)) == wanted


@given(
    st.from_regex(r"[a-z]{1,12}", fullmatch=True),
    user_ids,
    st.lists(st.integers(-(2**31), 2**31), max_size=3),
)
def test_custom_ids_come_back(verb: str, owner: int, state: list[int]) -> None:
    control = parse(custom_id(verb, owner, *state))
    assert control is not None
    assert control == (verb, owner, tuple(map(str, state)))


def test_foreign_custom_ids_are_not_ours() -> None:
    for text in ("", "m0:undo:1:2", "m1:undo", "m1:UNDO:1", "other:1", "m1:undo:x:1"):
        assert parse(text) is None


@quick
@given(people, st.lists(st.tuples(texts, movies), min_size=1, max_size=8), texts)
def test_imports(person: Person, rows: list[tuple[str, Movie]], file: str) -> None:
    steps = [
        Step(Entry(n, "rating", title or "x", stars=4.0), movie, movie.movie_id, How.PART)
        for n, (title, movie) in enumerate(rows)
    ]
    entries = [step.entry for step in steps]
    plan = Plan(
        new=steps, older=steps, unknown=entries, ambiguous=[(one, ()) for one in entries], undecided=0
    )
    header = (tuple(title for title, _ in rows) * 50)[:MOST_COLUMNS]
    columns = Columns(header, {"title": 0, "rating": len(rows)}, 5)
    parsed = Parsed("a table", tuple(entries), {"no title": 3}, {file or "85/100": 4.5}, 2, columns)
    preview = Preview(2**31, file, parsed, Wishes(), "newest", plan, len(rows), 0)
    check_screen(preview_screen(person, preview))
    assert preview.may_leave_out
    own = replace(preview, parsed=replace(parsed, columns=None, export={}))
    assert not own.may_leave_out, "whatever the bot exported itself is kept"
    check_screen(preview_screen(person, own))
    check_screen(column_screen(person, preview, "original"))
    done = [DoneImport(2**31 + n, file, "Letterboxd", NOW, False, 3) for n in range(5)]
    check_screen(recent_screen(person, done))
    check_screen(done_screen(person, 2**31, Applied(1, 2, 3, 4, 5)))
