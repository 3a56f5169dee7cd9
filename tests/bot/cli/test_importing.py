"""``import`` and ``export`` on the command line, and in the console."""

from pathlib import Path

from tests.bot.cli.conftest import Call
from tests.bot.services.imports import files
from tests.bot.services.imports.files import ALIEN, Film


def test_ratings_are_imported_exported_and_brought_back(call: Call) -> None:
    Path("r.csv").write_text(files.letterboxd_ratings([ALIEN, Film("Not There", 2015)]), encoding="utf-8")
    refused = call("import", "r.csv", "--user", "Ana", lines="n\n")
    assert (refused.status, "nothing was stored" in refused.out) == (0, True)
    ended = call("import", "r.csv", "--user", "Ana", "--yes")
    assert (ended.status, ended.err) == (0, "reading …\nstoring …\n")
    assert "imported: 1 new rating" in ended.out
    assert "Ana has rated 1 movie" in call("console", lines="as Ana\n!ratings\n").out
    assert call("export", "mine.zip", "--user", "Ana").status == 0
    assert "exists already" in call("export", "mine.zip", "--user", "Ana").err
    assert "imported: 1 new rating" in call("import", "mine.zip", "--user", "Ben", "--yes").out


def test_a_mistake_is_one_line(call: Call) -> None:
    for arguments, told in (
        (("import", "none.csv", "--user", "Ana"), "cannot be read"),
        (("import", "none.csv"), "--user"),
        (("export", "--user", "Nobody"), "nothing is kept"),
    ):
        ended = call(*arguments)
        assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert told in ended.err


def test_the_console_shows_confirms_undoes_and_corrects(call: Call) -> None:
    Path("r.csv").write_text(files.letterboxd_ratings([ALIEN, Film("Not There", 2015)]), encoding="utf-8")
    lines = "as Ana\n!import r.csv\n!pick 1\n!pick 2\n!pick 1\n!import\n!export mine.zip\n"
    out = call("console", lines=lines).out
    assert "1 new rating" in out
    assert "✓ imported: 1 new rating" in out
    assert "bring it again: !import without-a-movie-1.csv" in out
    assert "undone: 1 rating as before" in out
    assert "r.csv (Letterboxd), undone" in out
    assert Path("mine.zip").exists()


def test_somebody_at_discord_keeps_their_name(call: Call) -> None:
    Path("r.csv").write_text(files.letterboxd_ratings([ALIEN]), encoding="utf-8")
    number = "918273645546372819"
    assert call("import", "r.csv", "--user", number, "--yes").status == 0
    assert f"matinee-{number}-" in call("export", "--user", number).out


def test_the_same_file_again_is_no_mistake(call: Call) -> None:
    Path("r.csv").write_text(files.letterboxd_ratings([ALIEN]), encoding="utf-8")
    assert call("import", "r.csv", "--user", "Ana", "--yes").status == 0
    again = call("import", "r.csv", "--user", "Ana", "--yes")
    assert (again.status, again.err) == (0, "")
    assert "nothing in it to be stored" in again.out
