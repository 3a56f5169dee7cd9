"""The command line: what it prints where, and how it ends."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.cli.conftest import ROOT, Call, Ended, start

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


def one_line(ended: Ended) -> str:
    """The one line that a mistake ends in; how far it had come may stand before."""
    lines = [line for line in ended.err.splitlines() if not line.endswith(" …")]
    assert (ended.status, ended.out, len(lines)) == (2, "", 1), ended
    return lines[0]


def test_without_a_command_there_is_help(call: Call) -> None:
    ended = call()
    assert (ended.status, ended.err) == (0, "")
    for command in ("run", "console", "demo", "data", "train", "evaluate", "backup", "restore", "doctor"):
        assert re.search(rf"^  {command}  ", ended.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "nonsense"),
        (["train", "--nonsense"], "--nonsense"),
        (["data"], "Missing command"),
        (["data", "add"], "SOURCE"),
        (["data", "add", "no-such-edition"], "no-such-edition"),
        (["data", "add", "."], "movies"),
        (["data", "remove", "ml-latest-small"], "ml-latest-small"),
        (["data", "remove", "starter"], "stays"),
        (["backup"], "no database"),
        (["restore"], "FILE"),
        (["restore", "nowhere.db"], "there is no file"),
        (["console", "extra"], "extra"),
    ],
)
def test_a_mistake_ends_in_one_line(call: Call, arguments: list[str], told: str) -> None:
    assert told.casefold() in one_line(call(*arguments)).casefold()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"MATINEE_LOG_LEVEL": "loud"}, "MATINEE_LOG_LEVEL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"MATINEE_HOME": "/dev/null/home"}, "/dev/null/home"),
    ],
)
@pytest.mark.parametrize("command", ["console", "train", "backup"])
def test_a_wrong_setting_ends_in_one_line(
    call: Call, command: str, changes: dict[str, str], told: str
) -> None:
    assert told in one_line(call(command, **changes))


def test_run_without_a_token_tells_the_way(call: Call) -> None:
    ended = call("run")
    assert (ended.status, ended.out) == (2, "")
    assert "https://discord.com/developers/applications" in ended.err
    assert "scope=bot" in ended.err


def test_a_damaged_database_is_told_and_left_alone(call: Call) -> None:
    file = Path("var", "matinee.db")
    file.parent.mkdir()
    file.write_bytes(b"damaged" * 1000)
    assert "damaged" in one_line(call("console"))
    assert file.read_bytes() == b"damaged" * 1000


def test_a_full_disk_or_the_like_ends_in_one_line(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("bot.cli.checks.examine", full)
    assert one_line(call("doctor")) == "No space left on device (somewhere)"


def test_a_session_from_a_pipe(call: Call) -> None:
    ended = call("console", lines="as Ana\n!rate Alien 4.5\nnonsense\n!rate Dune 3\n!pick 2\n!ratings\n")
    assert (ended.status, ended.err) == (0, "")
    assert "recorded 4½ stars for Alien (1979)" in ended.out
    assert "✗ commands begin with !" in ended.out
    assert re.search(r"recorded 3 stars for Dune \(\d{4}\)", ended.out)
    assert "Ana has rated 2 movies" in ended.out
    assert "\x1b" not in ended.out
    assert "> " not in ended.out

    again = call("console", lines="as ana\n!ratings\n!unrate Alien").out
    assert "ana has rated 2 movies" in again
    assert "removed your rating of Alien" in again


def test_bytes_that_are_no_text_do_not_end_a_session() -> None:
    with start("console") as child:
        assert child.stdin is not None
        child.stdin.buffer.write(b"as Ana\n\xff\xfe\x00!rate\n!rate \xffAlien 4\r\n!rate Alien 4\r\n")
        out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, "")
    assert "recorded 4 stars for Alien (1979)" in out


def test_a_second_process_on_the_same_home_is_refused(call: Call) -> None:
    with start("console") as first:
        assert first.stdin is not None
        assert first.stdout is not None
        first.stdin.write("as Ana\n")
        first.stdin.flush()
        # Answered, so it has opened everything.
        assert "Ana" in first.stdout.readline()
        assert "already" in one_line(call("console"))
        assert "already" in one_line(call("train"))
        # A backup does not need the database for itself.
        assert call("backup").status == 0
        first.communicate(timeout=60)
    assert first.returncode == 0


def test_a_backup_holds_the_ratings_and_overwrites_nothing(call: Call) -> None:
    call("console", lines="as Ana\n!rate Alien 4.5\n")
    ended = call("backup", "copy.db")
    assert (ended.status, ended.out) == (0, "copy.db\n")
    with sqlite3.connect("copy.db") as database:
        assert database.execute("SELECT stars FROM ratings").fetchall() == [(4.5,)]
    database.close()
    assert "exists already" in one_line(call("backup", "copy.db"))
    assert Path(call("backup").out.strip()).parent == Path.cwd() / "var" / "backups"


def test_a_backup_is_restored_and_what_was_there_is_kept(call: Call) -> None:
    call("console", lines="as Ana\n!rate Alien 4.5\n")
    call("backup", "copy.db")
    call("console", lines="as Ana\n!rate Alien 1\nas Ben\n!rate Alien 2\n")
    ended = call("restore", "copy.db")
    assert (ended.status, ended.err) == (0, "")
    restored, kept = ended.out.splitlines()
    assert restored == f"restored 1 person and 1 rating: {Path.cwd() / 'var' / 'matinee.db'}"
    assert "★★★★½  Alien" in call("console", lines="as Ana\n!ratings\n").out
    old = kept.removeprefix("the database before it is kept: ")
    assert call("restore", old).err == ""
    assert "★" in call("console", lines="as Ben\n!ratings\n").out
    Path("copy.db").write_text("damaged")
    assert "cannot be restored" in one_line(call("restore", "copy.db"))


def test_a_running_bot_keeps_its_database(call: Call) -> None:
    call("console", lines="as Ana\n!rate Alien 4.5\n")
    call("backup", "copy.db")
    with start("console") as first:
        assert first.stdin is not None
        assert first.stdout is not None
        first.stdin.write("as Ana\n")
        first.stdin.flush()
        assert "Ana" in first.stdout.readline()
        assert "already" in one_line(call("restore", "copy.db"))
        first.communicate(timeout=60)


def test_doctor_makes_an_older_home_its_users_alone(call: Call) -> None:
    call("console", lines="as Ana\n!rate Alien 4.5\n")
    call("backup")
    Path(".env").write_text("MATINEE_BACKUPS=3\n")
    others = Path("var", "photos")
    others.mkdir()
    paths = [Path("var"), Path(".env"), *Path("var").rglob("*")]
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o664)
    Path("var", "models").mkdir(exist_ok=True)
    Path("var", "models", "link").symlink_to(others)
    told = call("doctor").out
    assert re.search(r"· access +\d+ of the home's files and folders .* doctor --fix", told)
    assert {path.stat().st_mode & 0o044 for path in paths} == {0o044}, "looking changes nothing"
    assert "✓ access" in call("doctor", "--fix").out
    assert {path for path in paths if path.stat().st_mode & 0o077} == {others}
    assert Path("var", "matinee.db").stat().st_mode & 0o777 == 0o600


def test_what_a_command_writes_is_its_users_alone() -> None:
    before = os.umask(0)
    try:
        with start("console") as child:
            child.communicate("as Ana\n!rate Alien 4\n", timeout=60)
        with start("backup") as child:
            child.communicate(timeout=60)
    finally:
        os.umask(before)
    written = [Path("var"), *Path("var").rglob("*")]
    assert {"backups", "matinee.db", "starter"} <= {path.name for path in written}
    assert [path for path in written if path.stat().st_mode & 0o077] == []


def test_doctor_is_for_people_and_programs(call: Call) -> None:
    ended = call("doctor", DISCORD_TOKEN=TOKEN)
    assert ended.status == 0, ended.out
    assert "lightfm" in ended.out
    assert TOKEN not in ended.out + ended.err
    ended = call("doctor", "--json", DISCORD_TOKEN="a.b")
    told = json.loads(ended.out)
    assert (ended.status, told["healthy"]) == (1, False)
    states = {check["name"]: check["state"] for check in told["checks"]}
    assert states["token"] == "bad"
    assert states["lightfm"] == "ok"


def test_data_is_told_of_for_people_and_programs(call: Call) -> None:
    listed = call("data", "list")
    assert (listed.status, listed.err) == (0, "")
    assert re.search(r"^starter +active ", listed.out, re.MULTILINE)
    assert "ml-latest-small" in listed.out
    assert "starter:" in call("data", "status").out
    told = json.loads(call("data", "status", "--json").out)
    assert told["name"] == "starter"
    assert told["movies"] >= 1000


def test_data_is_exchanged_and_ratings_stay(call: Call) -> None:
    call("console", lines="as Ana\n!rate Alien 4.5\n!rate Casablanca 5\n")
    little = Path("little")
    little.mkdir()
    (little / "movies.csv").write_text(
        'movieId,title,genres\n1,Alien (1979),Horror|Sci-Fi\n2,"Matrix, The (1999)",Action|Sci-Fi\n'
    )
    rows = [f"{user},{movie},4.0,{user}\n" for user in range(1, 9) for movie in (1, 2)]
    (little / "ratings.csv").write_text("userId,movieId,rating,timestamp\n" + "".join(rows))

    added = call("data", "add", "little")
    assert added.status == 0, added.err
    assert "little: 2 movies, up to 1999; 2 of them rated by the community" in added.out
    assert "Its community gave 16 ratings" in added.out
    assert "1 are in it, 1 are not" in added.out
    assert "not in it, kept: Casablanca (1942)" in added.out
    assert "Ana has rated 2 movies" in call("console", lines="as Ana\n!ratings\n").out
    assert "the active data set is starter" in call("data", "remove", "little").out
    assert "★★★★★  Casablanca (1942)" in call("console", lines="as Ana\n!ratings\n").out


def test_train_prints_one_object_and_progress_elsewhere(call: Call) -> None:
    call("console", lines="as Ana\n!rate Alien 4.5\n!rate Casablanca 5\n!rate Dune 2\n!pick 1\n")
    ended = call("train", "--json")
    assert ended.status == 0, ended.err
    told = json.loads(ended.out)
    assert told["adopted"] is True
    assert told["version"]["state"] == "current"
    assert "fitting …" in ended.err
    assert "is serving" in call("train").out


def test_the_demo_plays_an_evening_and_keeps_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    ended = call("demo", DATABASE_URL=f"sqlite:///{tmp_path}/mine.db")
    assert ended.status == 0, ended.err
    assert "is serving" in ended.out
    assert ended.out.count("!recommend") == 8
    assert ended.out.count("because you gave") >= 16
    assert "on average" in ended.out
    assert "we watch" in ended.out.split("5. A movie night")[1]
    for command in ("console", "data add ml-latest-small", "run"):
        assert f"-m bot {command}" in ended.out
    assert list((tmp_path / "tmp").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["tmp"]


def test_the_console_loads_neither_lightfm_nor_what_it_needs() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from bot.cli import main
status = main(["console"])
heavy = {{"lightfm", "scipy", "sklearn", "pandas", "matplotlib", "discord"}}
print("loaded:", sorted(heavy & {{name.partition(".")[0] for name in sys.modules}}))
sys.exit(status)
"""
    lines = "as Ana\n!rate Alien 4\n!recommend\n!similar Alien\n!model status\n!about\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=lines,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "loaded: []" in done.stdout


def test_an_interrupted_addition_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, home = tmp_path / "large", tmp_path / "home"
    source.mkdir()
    (source / "movies.csv").write_text("movieId,title,genres\n1,Alien (1979),Horror\n", encoding="utf-8")
    lines = "".join(f"{user},1,4.0,0\n" for user in range(100_000))
    (source / "ratings.csv").write_text("userId,movieId,rating,timestamp\n" + 40 * lines, encoding="utf-8")
    monkeypatch.setenv("MATINEE_HOME", str(home))
    with start("data", "add", str(source)) as child:
        assert child.stderr is not None
        first = child.stderr.readline()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert (first, out) == ("reading …\n", "")
    assert err.splitlines() == ["stopped: the active data set is the one of before; run it again to go on"]
    assert child.returncode == 130
    assert [path.name for path in (home / "datasets").iterdir()] == ["starter"]


def test_an_interrupted_command_ends_without_a_traceback() -> None:
    with start("train") as child:
        assert child.stderr is not None
        # A stage was told, so the fit has begun.
        first = child.stderr.readline()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert first.endswith(" …\n")
    assert child.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "interrupted: the next retrain goes on where this one was"
    assert "Traceback" not in err
