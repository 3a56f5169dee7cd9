"""Rating, unrating, undoing, and what is not to be shown."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.services.answers import RatingChange, RatingsPage
from bot.services.movies import reference
from bot.services.ratings import RatingBook
from bot.services.shelf import Serving, Shelf
from bot.store import Store, movies
from bot.store.movies import MovieRef
from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex

ANA, BEN = 1001, -77
START = datetime(2026, 5, 1, 20, tzinfo=UTC)
MOVIES = [
    Movie(1, "Alien", 1979),
    Movie(2, "Dune", 1984),
    Movie(3, "Dune", 2021),
    Movie(4, "Blade Runner", 1982),
    Movie(5, "Contact", 1997),
    Movie(6, "Arrival", 2016),
]
HALVES = [half / 2 for half in range(1, 11)]


class Clock:
    """A minute passes each time somebody asks."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def serving(catalogue: list[Movie]) -> Serving:
    return Serving(None, None, Catalogue(catalogue), TitleIndex(catalogue), "some films")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store.open(tmp_path) as store:
        yield store


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(serving(MOVIES))


@pytest.fixture
def book(store: Store, shelf: Shelf) -> RatingBook:
    return RatingBook(store, shelf, Clock())


def shown(page: RatingsPage) -> list[tuple[str, float]]:
    return [(rated.movie.name, rated.stars) for rated in page.ratings]


async def test_a_rating_is_recorded_and_a_second_one_replaces_it(book: RatingBook):
    first = await book.rate(ANA, "Ana", 1, 4.5)
    second = await book.rate(ANA, "Ana", 1, 3)
    assert first == RatingChange(first.change_id, MOVIES[0], 4.5, None, in_model=True)
    assert second == RatingChange(second.change_id, MOVIES[0], 3.0, 4.5, in_model=True)
    assert second.change_id > first.change_id
    assert await book.profile(ANA) == {1: 3.0}
    assert await book.profile(BEN) == {}


@pytest.mark.parametrize("stars", [0, 0.25, 5.5, -1, float("nan"), float("inf")])
async def test_bad_stars_change_nothing(book: RatingBook, stars: float):
    await book.rate(ANA, "Ana", 1, 4)
    with pytest.raises(UserError, match="is no number of stars"):
        await book.rate(ANA, "Ana", 1, stars)
    assert await book.profile(ANA) == {1: 4.0}


@pytest.mark.parametrize("movie_id", [0, 404, -1, -404, 10**30, -(10**30), 2**63])
async def test_an_unknown_movie_is_one_line(book: RatingBook, movie_id: int):
    for attempt in (book.rate(ANA, "Ana", movie_id, 4), book.dismiss(ANA, "Ana", movie_id)):
        with pytest.raises(UserError, match="look it up by its title"):
            await attempt
    with pytest.raises(UserError, match="you have not rated that movie"):
        await book.unrate(ANA, movie_id)
    with pytest.raises(UserError):
        await book.restore(ANA, movie_id)


async def test_a_rating_is_removed(book: RatingBook):
    await book.rate(ANA, "Ana", 1, 4)
    await book.rate(BEN, "Ben", 1, 2)
    change = await book.unrate(ANA, 1)
    assert (change.stars, change.previous, change.movie) == (None, 4.0, MOVIES[0])
    assert await book.profile(ANA) == {}
    assert await book.profile(BEN) == {1: 2.0}
    with pytest.raises(UserError, match=r"you have not rated Alien \(1979\)"):
        await book.unrate(ANA, 1)


async def test_undo_restores_what_was_there_and_when(book: RatingBook):
    await book.rate(ANA, "Ana", 1, 4)
    await book.rate(ANA, "Ana", 2, 5)
    before = await book.page(ANA)
    change = await book.rate(ANA, "Ana", 1, 1)
    undone = await book.undo(ANA, change.change_id)
    assert (undone.stars, undone.previous, undone.movie) == (4.0, 1.0, MOVIES[0])
    assert await book.page(ANA) == before


async def test_undo_of_a_first_rating_removes_it_and_of_a_removal_brings_it_back(book: RatingBook):
    first = await book.rate(ANA, "Ana", 1, 4)
    undone = await book.undo(ANA, first.change_id)
    assert (undone.stars, undone.previous) == (None, 4.0)
    assert await book.profile(ANA) == {}
    again = await book.rate(ANA, "Ana", 1, 2)
    removal = await book.unrate(ANA, 1)
    assert again.previous is None
    assert (await book.undo(ANA, removal.change_id)).stars == 2.0
    assert await book.profile(ANA) == {1: 2.0}


async def test_an_undo_can_be_undone(book: RatingBook):
    change = await book.rate(ANA, "Ana", 1, 4)
    undo = await book.undo(ANA, change.change_id)
    redo = await book.undo(ANA, undo.change_id)
    assert (redo.stars, redo.previous) == (4.0, None)
    assert await book.profile(ANA) == {1: 4.0}


async def test_what_cannot_be_undone(book: RatingBook):
    change = await book.rate(ANA, "Ana", 1, 4)
    with pytest.raises(UserError, match="only the person who rated"):
        await book.undo(BEN, change.change_id)
    await book.undo(ANA, change.change_id)
    with pytest.raises(UserError, match="undone already"):
        await book.undo(ANA, change.change_id)
    old = await book.rate(ANA, "Ana", 1, 4)
    await book.rate(ANA, "Ana", 1, 5)
    with pytest.raises(UserError, match="changed again since"):
        await book.undo(ANA, old.change_id)
    for change_id in (0, -1, 404, 10**30):
        with pytest.raises(UserError, match="nothing to undo"):
            await book.undo(ANA, change_id)
    assert await book.profile(ANA) == {1: 5.0}


async def test_another_movies_change_is_not_in_the_way_of_an_undo(book: RatingBook):
    change = await book.rate(ANA, "Ana", 1, 4)
    await book.rate(ANA, "Ana", 2, 4)
    await book.rate(BEN, "Ben", 1, 1)
    await book.undo(ANA, change.change_id)
    assert await book.profile(ANA) == {2: 4.0}


async def test_pages_newest_first_and_by_stars(book: RatingBook):
    for movie_id, stars in [(1, 3), (2, 5), (3, 3), (4, 1), (5, 4.5)]:
        await book.rate(ANA, "Ana", movie_id, stars)
    await book.rate(ANA, "Ana", 1, 3)
    first, last = await book.page(ANA, size=3), await book.page(ANA, size=3, page=1)
    assert shown(first) == [("Alien (1979)", 3), ("Contact (1997)", 4.5), ("Blade Runner (1982)", 1)]
    assert shown(last) == [("Dune (2021)", 3), ("Dune (1984)", 5)]
    assert (first.total, first.pages, first.page, last.page) == (5, 2, 0, 1)
    assert first.mean == pytest.approx(3.3)
    assert first.ratings[0].rated_at == START + timedelta(minutes=6)
    assert shown(await book.page(ANA, order="stars")) == [
        ("Dune (1984)", 5),
        ("Contact (1997)", 4.5),
        ("Alien (1979)", 3),
        ("Dune (2021)", 3),
        ("Blade Runner (1982)", 1),
    ]


async def test_pages_that_are_not_there(book: RatingBook):
    assert await book.page(ANA, page=7) == RatingsPage((), 0, None, 0, 1)
    for movie_id in range(1, 5):
        await book.rate(ANA, "Ana", movie_id, 3)
    assert (await book.page(ANA, size=2, page=7)).page == 1
    assert (await book.page(ANA, size=2, page=-7)).page == 0
    assert (await book.page(ANA, size=4)).pages == 1


async def test_stars_go_to_another_movie_in_one_step(book: RatingBook) -> None:
    await book.rate(ANA, "Ana", 2, 3.0)
    given = await book.rate(ANA, "Ana", 2, 5.0)
    moved = await book.rate_instead(ANA, "Ana", given.change_id, 3)
    assert (moved.movie.name, moved.stars) == ("Dune (2021)", 5.0)
    # What the first one had before is back.
    assert await book.profile(ANA) == {2: 3.0, 3: 5.0}
    with pytest.raises(UserError, match="only the person who rated"):
        await book.rate_instead(BEN, "Ben", moved.change_id, 2)
    with pytest.raises(UserError, match="does not have that movie"):
        await book.rate_instead(ANA, "Ana", moved.change_id, 99)
    assert await book.profile(ANA) == {2: 3.0, 3: 5.0}


async def test_own_movies_are_found_among_the_own_alone(book: RatingBook):
    await book.rate(ANA, "Ana", 3, 4)
    await book.rate(ANA, "Ana", 5, 4)
    found = await book.rated(ANA, "dune")
    assert (found.kind, [movie.name for movie in found.movies]) == ("one", ["Dune (2021)"])
    contact = (await book.rated(ANA, "Contcat")).movies[0]
    assert contact.name == "Contact (1997)"
    assert (await book.rated(ANA, reference(MOVIES[4]))).movies == (contact,)
    assert (await book.rated(ANA, reference(MovieRef(contact.movie_id)))).movies == (contact,)
    assert (await book.rated(ANA, reference(MOVIES[0]))).kind == "none"
    assert (await book.rated(BEN, "dune")).kind == "none"
    with pytest.raises(UserError, match="say the title"):
        await book.rated(ANA, "  ")
    with pytest.raises(UserError, match="400"):
        await book.rated(ANA, "x" * 500)


async def test_dismissals_are_remembered_and_taken_back(book: RatingBook):
    assert await book.dismiss(ANA, "Ana", 2) == MOVIES[1]
    await book.dismiss(ANA, "Ana", 2)
    await book.dismiss(ANA, "Ana", 3)
    await book.dismiss(BEN, "Ben", 4)
    assert await book.dismissed(ANA) == {2, 3}
    assert await book.seen(ANA) == set()
    assert await book.restore(ANA, 2) == MOVIES[1]
    assert await book.dismissed(ANA) == {3}
    with pytest.raises(UserError, match=r"Dune \(1984\) is not among the movies you are not interested in"):
        await book.restore(ANA, 2)


async def test_a_movie_that_left_the_catalogue_is_kept_shown_and_changed(
    book: RatingBook, store: Store, shelf: Shelf
):
    for movie_id in (1, 2, 5):
        await book.rate(ANA, "Ana", movie_id, 4)
    await book.dismiss(ANA, "Ana", 2)
    async with store.write() as db:
        stored = {movie.title: movie.movie_key for movie in await movies.everything(db)}
        contact = Movie(1, "Contact", 1997, ("Sci-Fi",))
        await movies.rematch(db, {stored["Contact"]: contact})
        shelf.swap(serving([contact, Movie(2, "Casablanca", 1942)]))
    assert await book.profile(ANA) == {1: 4.0}
    assert await book.seen(ANA) == {1}
    assert await book.dismissed(ANA) == set()
    page = await book.page(ANA)
    assert [rated.movie.name for rated in page.ratings] == ["Contact (1997)", "Dune (1984)", "Alien (1979)"]
    assert [rated.known for rated in page.ratings] == [True, False, False]
    alien = MovieRef((await book.rated(ANA, "alien")).movies[0].movie_id)
    assert alien == page.ratings[2].ref == MovieRef(stored["Alien"])
    change = await book.rate(ANA, "Ana", alien, 5)
    assert (change.movie.name, change.previous, change.in_model) == ("Alien (1979)", 4.0, False)
    # A number alone is one of the catalogue: 1 is another movie there by now.
    with pytest.raises(UserError, match="not rated Casablanca"):
        await book.unrate(ANA, 2)
    removal = await book.unrate(ANA, alien)
    assert removal.previous == 5.0
    await book.undo(ANA, removal.change_id)
    assert (await book.page(ANA)).total == 3
    # Who watched it with others can rate it too.
    assert (await book.rate(BEN, "Ben", alien, 3)).movie.name == "Alien (1979)"
    for gone in (MovieRef(99), MovieRef(-1), MovieRef(2**70), 99):
        with pytest.raises(UserError, match="look it up by its title"):
            await book.rate(BEN, "Ben", gone, 3)
        with pytest.raises(UserError, match="not rated that movie"):
            await book.unrate(BEN, gone)


async def test_two_stored_movies_that_become_one_confuse_nobody(book: RatingBook, store: Store, shelf: Shelf):
    await book.rate(ANA, "Ana", 2, 2)
    await book.rate(ANA, "Ana", 3, 5)
    await book.rate(BEN, "Ben", 2, 1)
    both = Movie(9, "Dune", 2021)
    async with store.write() as db:
        await movies.rematch(db, {movie.movie_key: both for movie in await movies.everything(db)})
        shelf.swap(serving([both]))
    assert await book.profile(ANA) == {9: 5.0}
    assert (await book.rate(ANA, "Ana", 9, 4)).previous == 5.0
    assert (await book.rate(BEN, "Ben", 9, 3)).previous == 1.0
    assert await book.profile(ANA) == {9: 4.0}
    assert await book.profile(BEN) == {9: 3.0}


async def test_a_rating_that_waits_for_an_exchange_of_the_catalogue_sees_the_new_one(
    book: RatingBook, store: Store, shelf: Shelf
):
    async with store.write() as db:
        waiting = asyncio.create_task(book.rate(ANA, "Ana", 1, 4))
        await asyncio.sleep(0.05)
        await movies.rematch(db, {})
        shelf.swap(serving([Movie(1, "Casablanca", 1942)]))
    assert (await waiting).movie.title == "Casablanca"
    assert shown(await book.page(ANA)) == [("Casablanca (1942)", 4.0)]


async def test_many_at_once_lose_nothing(book: RatingBook):
    await asyncio.gather(
        *(book.rate(user, f"user {user}", movie.movie_id, 4) for user in range(1, 9) for movie in MOVIES)
    )
    for user in range(1, 9):
        assert await book.seen(user) == {movie.movie_id for movie in MOVIES}


async def test_the_same_person_twice_at_once_is_two_changes_in_a_row(book: RatingBook):
    changes = await asyncio.gather(*(book.rate(ANA, "Ana", 1, stars) for stars in HALVES))
    ordered = sorted(changes, key=lambda change: change.change_id)
    assert [change.previous for change in ordered] == [None, *(change.stars for change in ordered[:-1])]
    assert await book.profile(ANA) == {1: ordered[-1].stars}


async def test_an_undo_clicked_twice_at_once_happens_once(book: RatingBook):
    await book.rate(ANA, "Ana", 1, 2)
    change = await book.rate(ANA, "Ana", 1, 5)
    answers = await asyncio.gather(
        *(book.undo(ANA, change.change_id) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(answer, RatingChange) for answer in answers) == 1
    assert sum(isinstance(answer, UserError) for answer in answers) == 3
    assert await book.profile(ANA) == {1: 2.0}


async def test_everything_is_there_after_a_restart(tmp_path: Path, shelf: Shelf):
    async with Store.open(tmp_path / "home") as store:
        book = RatingBook(store, shelf, Clock())
        await book.rate(ANA, "Ana", 1, 4.5)
        change = await book.rate(ANA, "Ana", 2, 3)
        await book.dismiss(ANA, "Ana", 3)
        page = await book.page(ANA)
    async with Store.open(tmp_path / "home") as store:
        book = RatingBook(store, shelf, Clock())
        assert await book.page(ANA) == page
        assert await book.dismissed(ANA) == {3}
        await book.undo(ANA, change.change_id)
        assert await book.profile(ANA) == {1: 4.5}


STEP = st.tuples(st.sampled_from(["rate", "unrate", "undo"]), st.integers(1, 3), st.sampled_from(HALVES))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=15))
def test_any_story_ends_where_a_simple_book_ends(tmp_path_factory: pytest.TempPathFactory, story):
    asyncio.run(_follow(tmp_path_factory.mktemp("home"), story))


async def _follow(home: Path, story: list[tuple[str, int, float]]) -> None:
    """Do each step, and the same with dictionaries."""
    expected: dict[int, float] = {}
    history: list[tuple[RatingChange, dict[int, float]]] = []
    async with Store.open(home) as store:
        book = RatingBook(store, Shelf(serving(MOVIES)), Clock())
        for verb, movie_id, stars in story:
            before = dict(expected)
            if verb == "rate":
                change = await book.rate(ANA, "Ana", movie_id, stars)
                expected[movie_id] = stars
            elif verb == "unrate":
                if movie_id not in expected:
                    with pytest.raises(UserError):
                        await book.unrate(ANA, movie_id)
                    continue
                change = await book.unrate(ANA, movie_id)
                del expected[movie_id]
            else:
                if not history:
                    continue
                last, expected = history.pop()
                expected = dict(expected)
                change = await book.undo(ANA, last.change_id)
                assert (change.stars, change.previous) == (last.previous, last.stars)
                history.clear()
                assert await book.profile(ANA) == expected
                continue
            assert change.previous == before.get(movie_id)
            history.append((change, before))
        assert await book.profile(ANA) == expected
        assert (await book.page(ANA)).total == len(expected)
