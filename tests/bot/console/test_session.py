"""Everything a person can do in Discord, in the console."""

import re

import pytest

from bot.app import EXTENSIONS, MatineeBot
from bot.console.commands import COMMANDS
from bot.console.people import person
from bot.services.movies import reference
from bot.settings import Settings
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, Ratings
from tests.bot.console.conftest import Terminal


def number(answer: str, label: str, title: str = "") -> int:
    """The number of a choice, the first one with this label at or after the title."""
    found = re.search(rf"\[(\d+)\] {re.escape(label)}", answer[answer.index(title) :])
    assert found, answer
    return int(found[1])


async def ratings_of(terminal: Terminal, name: str) -> int:
    return (await terminal.services.ratings.page(person(name).user_id)).total


async def test_every_command_of_discord_is_there(fresh_terminal: Terminal) -> None:
    bot = MatineeBot(fresh_terminal.services, Settings())
    async with bot:
        for extension in EXTENSIONS:
            if not extension.endswith("upkeep"):
                await bot.load_extension(extension)
        prefix = {command.qualified_name for command in bot.walk_commands()}
        slash = {command.qualified_name for command in bot.tree.walk_commands()}
    assert len(prefix) > 10
    # Time can be moved in the console alone.
    assert set(COMMANDS) - {"clock"} == prefix | slash


async def test_help_names_every_command_and_tells_of_each(fresh_terminal: Terminal) -> None:
    overview = await fresh_terminal.say("!help")
    for name, command in COMMANDS.items():
        if name not in ("model", "data"):
            assert f"!{name}" in overview
        detail = await fresh_terminal.say(f"!help {name}")
        assert command.summary in detail
        assert command.usage in detail
    assert "there is no command !nothing" in await fresh_terminal.say("!help nothing")


async def test_a_rating_is_recorded_replaced_and_taken_back(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "!rate Alien 4.5")
    assert answer.startswith("✓ recorded 4½ stars for Alien (1979)")
    assert "was 4½" in await terminal.say("!rate alien ★★★")
    assert await terminal.stars("Zoe", "Alien") == 3.0
    assert "recorded 4½ stars" in await terminal.say("!pick 1")
    assert await terminal.stars("Zoe", "Alien") == 4.5
    assert "undone already" in await terminal.say("!pick 1")
    assert "removed your rating of Alien (1979)" in await terminal.say("!unrate alien")
    assert await terminal.stars("Zoe", "Alien") is None
    await terminal.say("!pick 1")
    assert await terminal.stars("Zoe", "Alien") == 4.5


async def test_people_have_their_own_ratings(terminal: Terminal) -> None:
    await terminal.say("as Zoe", "!rate Alien 5", "as Yan", "!rate Alien 1")
    assert (await terminal.stars("Zoe", "Alien"), await terminal.stars("Yan", "Alien")) == (5.0, 1.0)
    assert "Alien (1979)" in await terminal.say("!ratings zoe")
    assert "has rated nothing" in await terminal.say("as Xaver", "as Zoe", "!ratings Xaver")


async def test_where_several_movies_fit_the_person_is_asked(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "!rate Dune 4")
    assert "Several movies are called" in answer
    assert await ratings_of(terminal, "Zoe") == 0
    assert "[1] Dune (" in answer
    assert "[2] Dune (" in answer
    chosen = number(answer, "Dune (1984)")
    assert "recorded 4 stars for Dune (1984)" in await terminal.say(f"!pick {chosen}")


async def test_another_movie_gets_the_stars_if_the_wrong_one_was_taken(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "!rate Alien 4.5")
    assert "recorded 4½ stars for Alien (1979)" in answer
    answer = await terminal.say(f"!pick {number(answer, 'another one')}")
    assert "Not Alien (1979). Which one?" in answer
    answer = await terminal.say(f"!pick {number(answer, 'Alien 3')}")
    assert "recorded 4½ stars for Alien 3" in answer
    page = await terminal.say("!ratings")
    assert "Alien 3" in page
    assert "Alien (1979)" not in page
    # Whoever typed the year is not asked again.
    assert "another one" not in await terminal.say("!rate Dune (1984) 2")


async def test_close_titles_are_offered_and_nothing_is_done_before(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "!rate blade runnr 2 4")
    assert "I am not sure which movie “blade runnr 2” is. Did you mean one of these?" in answer
    assert await ratings_of(terminal, "Zoe") == 0
    chosen = number(answer, "Blade Runner (1982)")
    assert "recorded 4 stars for Blade Runner (1982)" in await terminal.say(f"!pick {chosen}")


async def test_ratings_are_paged_and_sorted(terminal: Terminal) -> None:
    answer = await terminal.say("as Ana", "!ratings")
    assert "page 1 of 4, newest first" in answer
    assert len(re.findall(r"^ +★", answer, re.MULTILINE)) == 10
    answer = await terminal.say(f"!pick {number(answer, 'next page')}")
    assert "page 2 of 4" in answer
    answer = await terminal.say(f"!pick {number(answer, 'best first')}")
    assert "page 1 of 4, best first" in answer
    stars = [line.split()[0] for line in answer.splitlines() if "★" in line]
    assert stars == sorted(stars, key=lambda text: -(len(text) - text.count("½") / 2))
    assert "page 4 of 4" in await terminal.say("!ratings Ana page: 99 order: stars")


async def test_a_newcomer_gets_the_popular_list_and_a_quick_start(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "!recommend")
    assert "Popular with everybody" in answer
    assert "You have not rated anything yet" in answer
    start = answer[answer.index("A quick start") :]
    assert len(re.findall(r"\[\d+\]", start)) == 12
    first = re.search(r"\[(\d+)\] (.+)", start)
    assert first
    answer = await terminal.say(f"!pick {first[1]}")
    assert f"How many stars for {first[2]}?" in answer
    answer = await terminal.say(f"!pick {number(answer, '★★★★½')}")
    assert f"recorded 4½ stars for {first[2]}" in answer
    assert "For Zoe, from 1 rating" in await terminal.say("!recommend")


async def test_recommendations_have_reasons_and_choices(terminal: Terminal) -> None:
    answer = await terminal.say("as Ana", "!recommend 3")
    assert "For Ana, from" in answer
    titles = re.findall(r"^ \d\. (.+?)  ", answer, re.MULTILINE)
    assert len(titles) == 3
    assert "because you gave" in answer
    assert "match " in answer

    refused = await terminal.say(f"!pick {number(answer, 'not interested')}")
    assert f"{titles[0]} will not be recommended" in refused
    assert titles[0] not in await terminal.say("!recommend 3")
    answer = await terminal.say("!recommend 3")
    why = await terminal.say(f"!pick {number(answer, 'why?')}")
    assert "together: the score" in why
    # An explanation offers nothing, so the choices of the list are still there.
    stars = await terminal.say(f"!pick {number(answer, 'seen it')}")
    assert "How many stars for" in stars


async def test_not_interested_can_be_undone(terminal: Terminal) -> None:
    answer = await terminal.say("as Ana", "!recommend 1")
    title = re.findall(r"^ 1\. (.+?)  ", answer, re.MULTILINE)[0]
    await terminal.say(f"!pick {number(answer, 'not interested')}")
    assert "may be recommended" in await terminal.say("!pick 1")
    # Another question, because what was shown the same day comes last.
    assert title in await terminal.say("!recommend 10 from_year: 1900")


async def test_the_same_question_again_the_same_day_goes_on_where_it_ended(terminal: Terminal) -> None:
    def numbered(answer: str) -> dict[int, str]:
        return {int(place): name for place, name in re.findall(r"^ ?(\d+)\. (.+?)  ", answer, re.MULTILINE)}

    whole = numbered(await terminal.say("as Ana", "!recommend 10 from_year: 1901"))
    first = await terminal.say("!recommend 3")
    again = await terminal.say("!recommend 3")
    assert "You were shown the first 3 today, so these come next." in again
    assert numbered(first) | numbered(again) == {place: whole[place] for place in range(1, 7)}
    more = await terminal.say(f"!pick {number(again, '10 more')}")
    assert list(numbered(more)) == list(range(7, 17))
    assert {place: name for place, name in numbered(more).items() if place in whole} == {
        place: whole[place] for place in range(7, 11)
    }
    assert 1 in numbered(await terminal.say("!recommend 3 style: safe"))
    assert 1 in numbered(await terminal.say("as Ben", "!recommend 3"))


async def test_filters_are_kept_to(terminal: Terminal) -> None:
    answer = await terminal.say(
        "as Ana",
        "!recommend count: 4 genre: comedy exclude_genre: Drama from_year: 1980 to_year: 1999 style: safe",
    )
    found = re.findall(r"^ \d\. .+? \((\d{4})\)  (.+?)  match", answer, re.MULTILINE)
    assert len(found) == 4
    for year, genres in found:
        assert 1980 <= int(year) <= 1999
        assert "Comedy" in genres
        assert "Drama" not in genres
    assert "Film-Noir" in await terminal.say("!popular 2 genre: film noir")
    assert "did you mean Clint Eastwood?" in await terminal.say("!popular with: Clint Eestwood")


@pytest.mark.parametrize(
    "command", ["!recommend 4", "!popular 4", "!similar Alien count: 4", "!group Ana, Ben count: 4"]
)
async def test_every_list_takes_the_same_filters(terminal: Terminal, command: str) -> None:
    wishes = "released: 1964-1999 language: English with: clint eastwood exclude_genre: Romance, War"
    answer = await terminal.say("as Ben", "!rate Alien 4", "as Ana", f"{command} {wishes}")
    years = [int(year) for year in re.findall(r"^ \d\. .+? \((\d{4})\)", answer, re.MULTILINE)]
    assert len(years) == 4
    # He made his Westerns before in Italian.
    assert all(1970 < year < 2000 for year in years)
    assert not re.search(r"Bridges of Madison County|Where Eagles Dare", answer)


async def test_similar_and_why(terminal: Terminal) -> None:
    answer = await terminal.say("as Ana", "!similar Alien count: 4")
    assert answer.startswith("Like Alien (1979):")
    assert len(re.findall(r"^ \d\. ", answer, re.MULTILINE)) == 4
    assert "Alien (1979)" not in answer.partition("\n")[2]
    assert "Alien (1979) for Ana: match" in await terminal.say("!why alien")


async def test_the_model_and_its_settings(terminal: Terminal) -> None:
    now = terminal.services.clock()
    # The model's age is part of what is compared.
    terminal.services.clock = lambda: now
    assert "model 1, current" in await terminal.say("!model")
    assert await terminal.say("!model") == await terminal.say("!model status")
    assert "model 1, current" in await terminal.say("!model history")
    assert "no earlier model" in await terminal.say("!model rollback")
    assert "behind !model stands" in await terminal.say("!model statsu")
    assert "retrain_hours: 6" in await terminal.say("!settings")
    changed = await terminal.say(
        "!settings retrain_hours: 2,5 retrain_ratings: 7 ephemeral: on movie_night_channel: 42"
    )
    for line in ("movie_night_channel: 42", "retrain_hours: 2.5", "retrain_ratings: 7", "ephemeral: on"):
        assert line in changed
    assert await terminal.say("!settings") == changed
    assert "movie_night_channel: none" in await terminal.say("!settings movie_night_channel: none")


async def test_retrain_makes_a_model(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await terminal.say("as Zoe", "!rate Alien 5", "!retrain")
    assert answer.startswith(("✓ ", "✗ "))
    assert "model 2" in await terminal.say("!model history")
    # How far it is goes to standard error, where it is in no pipe's way.
    assert capsys.readouterr().err


async def test_a_full_retrain_is_asked_for_with_an_option(terminal: Terminal) -> None:
    await terminal.say("!retrain full: on")
    assert "full, because it was asked for" in await terminal.say("!model history")
    assert "full: is on or off" in await terminal.say("!retrain full: perhaps")
    assert "nothing stands behind !retrain" in await terminal.say("!retrain full")


async def test_about_names_version_and_data(terminal: Terminal) -> None:
    answer = await terminal.say("!about")
    assert "Matinée 0." in answer
    assert "starter" in answer


async def test_the_choices_of_somebody_else_cannot_be_pressed(terminal: Terminal) -> None:
    await terminal.say("as Zoe", "!rate Alien 5", "as Yan")
    assert "Zoe's" in await terminal.say("!pick 1")
    assert await terminal.stars("Zoe", "Alien") == 5.0


async def test_a_title_that_is_not_known_is_kept_until_it_is(fresh_terminal: Terminal) -> None:
    kept = await fresh_terminal.say("as Zoe", "!rate Zzyzx Road (2031) 3½")
    assert "★★★½" in kept
    assert "I do not know Zzyzx Road (2031) yet (my catalogue ends in 2024)." in kept
    assert "Kept; it counts as soon as I do." in kept
    assert "was 3½" in await fresh_terminal.say("!rate zzyzx road 5")
    assert "does not wait any more" in await fresh_terminal.say("!pick 1")
    asked = await fresh_terminal.say("!rate Bladerunnner 4")
    (none_of,) = re.findall(r"\[(\d+)\] none of these", asked)
    assert "Kept" in await fresh_terminal.say(f"!pick {none_of}")
    shown = await fresh_terminal.say("!ratings")
    assert "Bladerunnner  waits for its movie" in shown
    (waiting,) = re.findall(r"\[(\d+)\] 1 rating waiting", shown)
    (match,) = re.findall(r"\[(\d+)\] match it", await fresh_terminal.say(f"!pick {waiting}"))
    (movie,) = re.findall(r"\[(\d+)\] Blade Runner \(1982\)", await fresh_terminal.say(f"!pick {match}"))
    assert "recorded 4 stars for Blade Runner (1982)" in await fresh_terminal.say(f"!pick {movie}")
    assert "waits" not in await fresh_terminal.say("!ratings")
    await fresh_terminal.say("!rate Zzyzx 1")
    assert "Zzyzx does not wait any more" in await fresh_terminal.say("!unrate zzyzx")


async def test_what_is_known_by_now_is_told_behind_the_next_answer(fresh_terminal: Terminal) -> None:
    services = fresh_terminal.services
    await fresh_terminal.say("as Zoe", "!rate Zzyzx (2031) 3½")
    catalogue = services._shelf.current.catalogue.joined(Catalogue([Movie(900_001, "Zzyzx", 2031)]))
    Dataset("grown", catalogue, Ratings.empty()).save(services.data._folder.path("grown"))
    await services.data.add("grown")
    assert "I know" not in await fresh_terminal.say("as Yan", "!ratings")
    assert "I know Zzyzx (2031) now: the 3½ stars" in await fresh_terminal.say("as Zoe", "!ratings")
    assert "I know" not in await fresh_terminal.say("!ratings")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("hello", "begin with !"),
        ("!", "there is no command"),
        ("!recomend", "did you mean !recommend?"),
        ("as", "as Ana"),
        ("as " + "x" * 99, "32 characters"),
        ("!pick", "there is nothing to pick"),
        ("!rate", "say which movie"),
        ("!rate Alien", "no stars"),
        ("!rate Alien 7", "0.5 to 5"),
        ("!rate Alien NaN", "stars"),
        ("!rate Alien five", "stars"),
        ("!rate 4.5", "title"),
        ("!rate " + "x" * 500 + " 4", "400"),
        ("!unrate", "title"),
        ("!unrate Casablanca", "not rated"),
        ("!why", "title"),
        ("!similar", "title"),
        ("!recommend 0", "1 to 10"),
        ("!recommend 99", "1 to 10"),
        ("!recommend much", "not understood"),
        ("!recommend genre: Quux", "not a genre"),
        ("!recommend genre: Drama exclude_genre: drama", "Drama"),
        ("!recommend from_year: 2000 to_year: 1990", "did you mean"),
        ("!recommend from_year: soon", "whole number"),
        ("!recommend style: wild", "safe"),
        ("!about it", "nothing stands behind"),
        ("!model rollback x", "whole number"),
        ("!model rollback 99", "99"),
        ("!settings colour: red", "is no setting"),
        ("!settings retrain_hours: often", "number of hours"),
        ("!settings retrain_hours: nan", "out of range"),
        ("!settings retrain_ratings: 0", "out of range"),
        ("!settings ephemeral: perhaps", "on or off"),
        ("!settings movie_night_channel: here", "channel"),
    ],
)
async def test_a_mistake_is_answered_with_one_line(fresh_terminal: Terminal, line: str, told: str) -> None:
    answer = await fresh_terminal.say("as Zoe", line)
    assert answer.startswith("✗ ")
    assert answer.count("\n") == 1
    assert told in answer
    assert await ratings_of(fresh_terminal, "Zoe") == 0
    assert "Rate what you have seen" in await fresh_terminal.say("!help")


@pytest.mark.parametrize("line", ["", "   ", "# a remark", "\n"])
async def test_empty_lines_and_remarks_are_passed_over(fresh_terminal: Terminal, line: str) -> None:
    assert await fresh_terminal.say(line) == ""


@pytest.mark.parametrize("line", ["!RATE alien 4", "/rate alien 4", " !rate   alien   4 ", "!rate {} 4"])
async def test_commands_are_understood_as_people_write_them(fresh_terminal: Terminal, line: str) -> None:
    alien = reference(fresh_terminal.services.movies.find("Alien").movies[0])
    answer = await fresh_terminal.say("as Zoe", line.format(alien))
    assert answer.startswith("✓ recorded 4 stars for Alien (1979)")


async def test_a_fault_of_the_bot_is_one_line_and_the_session_goes_on(
    fresh_terminal: Terminal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str, _limit: int) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(fresh_terminal.services.movies, "find", broken)
    answer = await fresh_terminal.say("!rate Alien 4")
    assert answer == "✗ that went wrong inside the bot; what happened is in its log\n"
    assert "a secret detail" in caplog.text
    assert "Matinée" in await fresh_terminal.say("!about")


async def test_five_questions_and_new_picks(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "!rate Alien 5", "!ask")
    assert "How many stars for" in answer
    skipped = answer.splitlines()[0]
    answer = await terminal.say(f"!pick {number(answer, 'not seen')}")
    assert answer.splitlines()[0] != skipped
    for done in range(5):
        assert f"{done} of 5 answered" in answer
        answer = await terminal.say(f"!pick {number(answer, '★★★★½')}")
        assert "recorded 4½ stars" in answer
    assert "Thanks: 5 answers more to go by" in answer
    assert "For Zoe, from 6 ratings" in answer


async def test_movie_tells_what_is_known(terminal: Terminal):
    said = await terminal.say("!movie Alien")
    assert "Alien" in said
    assert "Horror" in said
    assert "TMDB" not in said
    assert "country: DE" in await terminal.say("!settings country: de")
    assert "two letters" in await terminal.say("!settings country: Germany")
    assert "country: none" in await terminal.say("!settings country: none")


async def test_titles_are_shown_in_the_language_that_is_set(fresh_terminal: Terminal):
    services = fresh_terminal.services
    pate = Movie(
        900_002, "The Godfather", 1972, aliases=("Der Pate",), alias_languages=("de",), imdb_id=68646
    )
    catalogue = services._shelf.current.catalogue.joined(Catalogue([pate]))
    Dataset("grown", catalogue, Ratings.empty()).save(services.data._folder.path("grown"))
    await services.data.add("grown")
    assert "The Godfather (1972)" in await fresh_terminal.say("!movie godfather", "!pick 1")
    assert "titles: German" in await fresh_terminal.say("!settings titles: German")
    assert "Der Pate (1972)" in await fresh_terminal.say("!movie der pate", "!pick 1")
    address = "https://www.imdb.com/title/tt0068646/"
    assert "recorded 4½ stars for Der Pate (1972)" in await fresh_terminal.say(f"!rate {address} 4.5")
    assert "Der Pate (1972)" in await fresh_terminal.say("!ratings")
    assert "is not a language I know" in await fresh_terminal.say("!settings titles: xx")
    await fresh_terminal.say("!settings titles: English")
    assert "The Godfather (1972)" in await fresh_terminal.say("!ratings")
