"""The scripts that set everything up, on machines where something is missing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("awk", "bash", "cat", "cksum", "cp", "dirname", "env", "grep", "id", "mkdir", "tail", "uname")


class Machine:
    """A fresh clone, and a PATH that holds nothing but what is put there."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.bin.mkdir(parents=True)
        self.clone.mkdir()
        shutil.copytree(ROOT / "scripts", self.clone / "scripts")
        shutil.copy(ROOT / "requirements.lock", self.clone)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))

    def script(self, name: str, text: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!{shutil.which('bash')}\n{text}\n")
        path.chmod(0o755)

    def python(self, lacks: str = "nothing at all") -> None:
        """A Python whose environments note what they are asked to do instead of doing it."""
        self.script(
            "python3",
            f"""case "$*" in
            *"{lacks}"*) exit 1 ;;
            *"-m venv"*)
                mkdir -p .venv/bin
                {{ echo '#!{shutil.which("bash")}'; echo 'echo "$*" >>"{self.log}"'; }} >.venv/bin/python
                chmod +x .venv/bin/python ;;
            *) exec {sys.executable} "$@" ;;
            esac""",
        )
        (self.bin / "chmod").symlink_to(str(shutil.which("chmod")))

    def compiler(self) -> None:
        self.script("fake-cc", "cat >/dev/null")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.clone,
            env={"PATH": str(self.bin), "CC": "fake-cc", "HOME": str(self.clone)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize("script", ["scripts/demo", "scripts/setup", "scripts/test"])
def test_without_python_one_line_says_what_to_install(machine: Machine, script: str) -> None:
    machine.script("apt-get", "exit 1")
    line = one_line(machine.run(script))
    assert line.startswith("Missing: Python 3.11 or newer.")
    assert "apt install build-essential python3 python3-dev python3-venv" in line


def test_an_old_python_is_passed_over(machine: Machine) -> None:
    machine.script("apt-get", "exit 1")
    machine.script("python3", "exit 1")
    assert "apt install build-essential python3.11 python3.11-dev" in one_line(machine.run("scripts/demo"))


def test_without_a_compiler_one_line_says_what_to_install(machine: Machine) -> None:
    machine.python()
    machine.script("apt-get", "exit 1")
    line = one_line(machine.run("scripts/demo"))
    assert "a C compiler" in line
    assert re.search(r"apt install build-essential\b(?!.*venv)", line)


def test_without_venv_one_line_says_what_to_install(machine: Machine) -> None:
    machine.python(lacks="import ensurepip, venv")
    machine.compiler()
    machine.script("apt-get", "exit 1")
    line = one_line(machine.run("scripts/demo"))
    assert "Missing: Python's venv module." in line
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"apt install python{version}-venv " in line


def test_everything_missing_is_told_at_once(machine: Machine) -> None:
    machine.python(lacks="import ensurepip, venv")
    machine.script("apt-get", "exit 1")
    line = one_line(machine.run("scripts/demo"))
    assert "a C compiler, Python's venv module" in line


def test_a_compiler_that_does_not_compile_is_none(machine: Machine) -> None:
    machine.python()
    machine.script("fake-cc", "cat >/dev/null; exit 1")
    assert "a C compiler" in one_line(machine.run("scripts/demo"))


def test_fedora_is_told_its_own_command(machine: Machine) -> None:
    machine.python()
    machine.script("dnf", "exit 1")
    assert "dnf install gcc" in one_line(machine.run("scripts/demo"))


def test_the_demo_installs_what_the_bot_needs_and_only_once(machine: Machine) -> None:
    machine.python()
    machine.compiler()
    assert machine.run("scripts/demo").returncode == 0
    installed = [line for line in machine.asked() if "pip install" in line]
    assert [line.rpartition("/")[2] for line in installed] == ["build.lock", "runtime.lock"]
    assert all("--require-hashes" in line for line in installed)
    assert machine.asked()[-1] == "-m bot demo"

    machine.log.unlink()
    assert machine.run("scripts/demo", "--seed", "3").returncode == 0
    assert machine.asked() == ["-m bot demo --seed 3"]


def test_setup_installs_the_same_and_plays_nothing(machine: Machine) -> None:
    machine.python()
    machine.compiler()
    for installs in (["build.lock", "runtime.lock"], []):
        done = machine.run("scripts/setup")
        assert done.returncode == 0
        assert ".venv/bin/python -m bot setup" in done.stdout + done.stderr
        asked = machine.asked()
        assert [line.rpartition("/")[2] for line in asked if "pip install" in line] == installs
        assert not any("-m bot" in line for line in asked)
        machine.log.unlink(missing_ok=True)


def test_a_changed_lock_is_installed_again(machine: Machine) -> None:
    machine.python()
    machine.compiler()
    machine.run("scripts/demo")
    machine.log.unlink()
    with (machine.clone / "requirements.lock").open("a") as lock:
        lock.write("\n")
    assert machine.run("scripts/demo").returncode == 0
    assert sum("pip install" in line for line in machine.asked()) == 2


def test_a_failed_installation_is_one_line_and_is_tried_again(machine: Machine) -> None:
    machine.python()
    machine.compiler()
    machine.run("scripts/demo")
    python = machine.clone / ".venv" / "bin" / "python"
    failure = 'case "$*" in *"pip install"*) echo "ERROR: No matching" >&2; exit 1 ;; esac'
    python.write_text(f"#!{shutil.which('bash')}\n{failure}\n")
    (machine.clone / ".venv" / "runtime.stamp").unlink()
    for _ in range(2):
        result = machine.run("scripts/demo")
        assert result.returncode == 2
        assert result.stderr.splitlines()[-1].startswith("Installing failed: ERROR: No matching (")


def test_arguments_of_test_go_to_pytest_alone(machine: Machine) -> None:
    machine.python()
    machine.compiler()
    assert machine.run("scripts/test", "tests/bot", "-k", "rate").returncode == 0
    assert machine.asked()[-1] == "-m pytest tests/bot -k rate"
    assert not any("ruff" in line for line in machine.asked())
    installed = [line.rpartition("/")[2] for line in machine.asked() if "pip install" in line]
    assert installed == ["build.lock", "runtime.lock", "development.lock", "bench.lock"]


@pytest.mark.parametrize(
    "failing", ["ruff check .", "ruff format --check .", "pyright", "lint-imports", "pytest"]
)
def test_each_check_counts_and_all_of_them_run(machine: Machine, failing: str) -> None:
    machine.python()
    machine.compiler()
    machine.run("scripts/test", "--version")
    machine.log.unlink()
    failure = f'case "$0 $*" in *"{failing}"*) exit 1 ;; esac'
    for name in ("python", "lint-imports"):
        tool = machine.clone / ".venv" / "bin" / name
        tool.write_text(f'#!{shutil.which("bash")}\necho "{name} $*" >>"{machine.log}"\n{failure}\n')
        tool.chmod(0o755)
    assert machine.run("scripts/test").returncode == 1
    assert [line.split("-m ")[-1].split()[0] for line in machine.asked()] == [
        "ruff",
        "ruff",
        "pyright",
        "lint-imports",
        "pytest",
    ]


def test_continuous_integration_installs_a_compiler_where_apt_can(machine: Machine) -> None:
    machine.python()
    shutil.copytree(ROOT / ".ci", machine.clone / ".ci")
    machine.script("id", "echo 0")
    compiler = machine.bin / "fake-cc"
    machine.script(
        "apt-get",
        f"""echo "apt-get $*" >>"{machine.log}"
        [ "$1" != install ] || {{
            echo '#!{shutil.which("bash")}' >"{compiler}"
            echo 'cat >/dev/null' >>"{compiler}"
            chmod +x "{compiler}"
        }}""",
    )
    machine.run(".ci/run")
    assert machine.asked()[0] == "apt-get update -qq"
    assert "build-essential" in machine.asked()[1]
    assert any("procps" in line for line in machine.asked())
    assert machine.asked()[-1] == "-m pytest -n 2 --dist loadfile --no-loadscope-reorder"


def test_continuous_integration_leaves_a_complete_machine_alone(machine: Machine) -> None:
    machine.python()
    machine.compiler()
    shutil.copytree(ROOT / ".ci", machine.clone / ".ci")
    machine.script("ps", "exit 0")
    machine.script("apt-get", f'echo "apt-get $*" >>"{machine.log}"')
    machine.script("ps", "")
    machine.run(".ci/run")
    assert not any("apt-get" in line for line in machine.asked())
    assert machine.asked()[-1] == "-m pytest -n 2 --dist loadfile --no-loadscope-reorder"


def test_continuous_integration_brings_what_tests_look_at_processes_with(machine: Machine) -> None:
    machine.python()
    machine.compiler()
    machine.script("id", "echo 0")
    shutil.copytree(ROOT / ".ci", machine.clone / ".ci")
    machine.script("apt-get", f'echo "apt-get $*" >>"{machine.log}"')
    machine.run(".ci/run")
    assert [line for line in machine.asked() if "install" in line and "apt-get" in line] == [
        "apt-get install -y -qq --no-install-recommends procps"
    ]


def test_the_lock_is_complete_and_names_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)|\s--(?!hash=sha256:)", text, re.MULTILINE)
    assert re.findall(r"^# (\w+):", text, re.MULTILINE) == ["build", "runtime", "development", "bench"]
    blocks = re.split(r"\n(?=[a-z0-9#])", text)
    for block in blocks:
        if not block.startswith("#"):
            assert re.match(r"[a-z0-9.-]+==[^ ]+", block), block
            assert "--hash=sha256:" in block, block


def test_the_lock_has_every_dependency_of_the_project() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "requirements.lock").read_text()
    runtime, development, bench = re.split(r"\n# (?:development|bench):.*\n", text)
    pinned = {
        name: set(re.findall(r"^([a-z0-9.-]+)==", part, re.MULTILINE))
        for name, part in [("runtime", runtime), ("dev", development), ("bench", bench)]
    }

    def names(requirements: list[str]) -> set[str]:
        return {re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", one)[0].lower()) for one in requirements}  # type: ignore[index]

    assert names(project["dependencies"]) <= pinned["runtime"]
    assert names(project["optional-dependencies"]["dev"]) <= pinned["dev"] | pinned["runtime"]
    assert names(project["optional-dependencies"]["bench"]) <= pinned["bench"] | pinned["runtime"]
    assert "pytest" not in pinned["runtime"]
    assert "implicit" not in pinned["runtime"] | pinned["dev"]


def test_scripts_can_be_run() -> None:
    for script in (*(ROOT / "scripts").glob("[a-z]*"), ROOT / ".ci" / "run"):
        assert os.access(script, os.X_OK), script
        assert script.read_bytes().startswith(b"#!/usr/bin/env bash\n"), script
        assert b"\r" not in script.read_bytes(), script


@pytest.mark.parametrize("word", ["mapfile", "readarray", "declare -A", "local -A", "&>>", "|&"])
def test_scripts_are_kept_to_what_macos_bash_understands(word: str) -> None:
    for script in (ROOT / "scripts").iterdir():
        assert word not in script.read_text(), script
