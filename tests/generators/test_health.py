"""The health script, run against real servers: up, down, slow, wrong, and some that only look alive."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.generators.hostile import TEXTS
from tests.generators.hostile import registry as hostile
from tests.generators.made import artefact, registry, text_of
from tests.judges import THOROUGH, judge
from tests.servers import free_port, listener, postgres, redis, web

ALIKE = "version: '1'\nservices:\n"


def script(tmp_path: Path, services: str, **settings: Any) -> Path:
    file = tmp_path / "ports-health.sh"
    file.write_text(text_of(artefact("health", registry(ALIKE + services), **settings)), encoding="utf-8")
    return file


def run(file: Path, *arguments: str, path: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path or os.environ["PATH"], "TMPDIR": str(file.parent), **variables}
    done = subprocess.run([judge("bash"), file, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == "" or done.returncode == 125, done.stderr
    assert [left.name for left in file.parent.glob("ports-health.*") if left != file] == []
    return done


def statuses(file: Path, *arguments: str, **variables: Any) -> dict[str, tuple[str, str]]:
    """By name: the status, and what the script says of it."""
    document = json.loads(run(file, "--json", *arguments, **variables).stdout)
    assert document["version"] == 1
    return {check["service"]: (check["status"], check["detail"]) for check in document["checks"]}


def entry(name: str, port: int, **keys: Any) -> str:
    return f"  - {json.dumps({'name': name, 'port': port, 'stack': 'one', **keys})}\n"


def health(endpoint: str = "/", expected: int = 200) -> dict[str, Any]:
    return {"protocol": "http", "healthcheck": {"endpoint": endpoint, "expected": expected}}


def without_curl(tmp_path: Path) -> str:
    """A path with all that the script may call but curl."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "cat", "mktemp", "rm", "sleep"):
        (tools / name).symlink_to(judge(name))
    return str(tools)


@pytest.fixture(params=["curl", "bash alone"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "curl":
        judge("curl")
        return os.environ["PATH"]
    return without_curl(tmp_path)


def test_each_web_server_is_judged_by_its_status(tmp_path: Path, path: str) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(web({"/": 200, "/made": 201, "/moved": 302, "/busy": 503, "/a%20b?c=d": 204}))
        file = script(
            tmp_path,
            entry("fine", port, **health())
            + entry("made", port, **health("/made", 201))
            + entry("moved", port, **health("/moved", 302))
            + entry("spaced", port, **health("/a b?c=d#e", 204))
            + entry("busy", port, **health("/busy"))
            + entry("missing", port, **health("/nowhere"))
            + entry("gone", free_port(), **health()),
        )
        found = statuses(file, path=path)
        done = run(file, path=path)
    assert found == {
        "fine": ("up", "200"),
        "made": ("up", "201"),
        "moved": ("up", "302"),
        "spaced": ("up", "204"),
        "busy": ("down", "status 503, expected 200"),
        "missing": ("down", "status 404, expected 200"),
        "gone": ("down", "no connection"),
    }
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1] == "4 up, 3 down, 0 down and excused, 0 not asked"


def test_what_does_not_answer_in_time_is_down(tmp_path: Path, path: str) -> None:
    with web({"/": 200}, delay=20) as slow, listener(None) as silent:
        file = script(
            tmp_path,
            entry("slow", slow, **health()) + entry("web", silent, **health()) + entry("cache", silent, protocol="redis"),
        )
        found = statuses(file, "--timeout", "1", path=path)
    assert set(found.values()) == {("down", "no answer within 1 s")}


def test_a_port_that_listens_is_no_server_yet(tmp_path: Path) -> None:
    """What forwards ports for containers accepts a connection, and hangs up when nobody is behind it."""
    protocols = ("redis", "postgres", "rabbitmq", "tcp")
    with listener(b"") as forwarder:
        file = script(tmp_path, "".join(entry(name, forwarder, protocol=name) for name in protocols))
        found = statuses(file)
    improper = ("down", "what listens there gave no proper answer")
    assert found == {"redis": improper, "postgres": improper, "rabbitmq": improper, "tcp": ("up", "listens")}


def test_a_server_that_answers_nonsense_is_down(tmp_path: Path, path: str) -> None:
    with listener(b"\x1b[31mHTTP/9 `id` $(id)\r\n\r\n") as port:
        file = script(tmp_path, entry("web", port, **health()) + entry("cache", port, protocol="redis"))
        found = statuses(file, path=path)
    assert {status for status, _ in found.values()} == {"down"}
    assert not re.search(r"[\x1b`$]", str(found))


def test_real_redis_and_postgres_are_up(tmp_path: Path) -> None:
    with redis(tmp_path) as cache, postgres(tmp_path) as database:
        file = script(
            tmp_path,
            entry("cache", cache, protocol="redis")
            + entry("database", database, protocol="postgres")
            + entry("swapped", cache, protocol="postgres")
            + entry("plain", database),
        )
        found = statuses(file)
    assert found["cache"] == found["database"] == ("up", "answers")
    assert found["swapped"][0] == "down"
    assert found["plain"] == ("up", "listens")


def test_the_environment_decides_before_the_registry(tmp_path: Path) -> None:
    with web({"/": 200}) as port:
        file = script(tmp_path, entry("web-app", free_port(), **health()))
        assert run(file).returncode == 1
        assert run(file, WEB_APP_PORT=str(port)).returncode == 0
        assert run(file, WEB_APP_PORT=str(port), WEB_APP_HOST="127.0.0.1").returncode == 0


ODD = ("$(touch made)", "1 2", "-x", '"', "\\", "\x1b[31m", "a'b")


@pytest.mark.parametrize(
    "variable, value", [("WEB_PORT", "123456"), *((v, odd) for v in ("WEB_PORT", "WEB_HOST") for odd in ODD)]
)
def test_what_the_environment_says_is_inert(tmp_path: Path, variable: str, value: str) -> None:
    file = script(tmp_path, entry("web", 1, **health()))
    status, detail = statuses(file, **{variable: value})["web"]
    assert (status, detail.startswith("the variable of its")) == ("down", True)
    assert not (tmp_path / "made").exists()


def test_a_gateway_is_asked_for_what_is_behind_it(tmp_path: Path) -> None:
    behind = {"exposure": "gateway", "gatewayPath": "/api/x", **health("/health")}
    with web({"/": 200, "/api/x/health": 200}) as edge:
        file = script(tmp_path, entry("edge", edge, **health()) + entry("x", free_port(), **behind), gateway="edge")
        assert statuses(file) == {"edge": ("up", "200"), "x": ("up", "200")}
        assert statuses(file, "--direct")["x"] == ("down", "no connection")


def test_without_a_gateway_each_is_asked_at_its_own_port(tmp_path: Path) -> None:
    with web({"/health": 200}) as port:
        file = script(tmp_path, entry("x", port, gatewayPath="/api/x", **health("/health")))
        assert statuses(file) == {"x": ("up", "200")}


def test_what_may_be_down_is_shown_and_not_counted(tmp_path: Path) -> None:
    gone = free_port()
    file = script(
        tmp_path,
        entry("old", gone, status="deprecated", replacement="new")
        + entry("theirs", gone, external=True, host="127.0.0.1")
        + entry("debug", gone, profiles=["debug"])
        + entry("other", gone, alternative_to="old"),
    )
    assert run(file).returncode == 0
    assert run(file, "--strict").returncode == 4
    assert {status for status, _ in statuses(file).values()} == {"down"}
    assert run(file, "--quiet").stdout == ""


def test_what_cannot_be_asked_is_listed_with_its_reason(tmp_path: Path) -> None:
    file = script(tmp_path, entry("names", 53, protocol="dns/udp") + entry("soon", 80, status="planned"))
    found = statuses(file, "--strict")
    assert {status for status, _ in found.values()} == {"skipped"}
    assert found["soon"][1].startswith("planned")


def test_the_services_on_the_host_are_asked_as_any_other(tmp_path: Path) -> None:
    with web({"/": 200}) as port:
        file = script(tmp_path, entry("native", port, container=False, **health()))
        assert statuses(file) == {"native": ("up", "200")}


def test_stacks_and_services_can_be_chosen(tmp_path: Path) -> None:
    more = {"ports": {"admin": {"port": 3}}}
    file = script(tmp_path, entry("a", 1, stack="x y") + entry("b", 2, stack="z", **more) + entry("c", 4, stack="z"))
    assert list(statuses(file, "--list", "--stack", "x y")) == ["a"]
    assert list(statuses(file, "--list", "--stack=z", "--service=b")) == ["b", "b/admin"]
    assert list(statuses(file, "--list", "--service", "a", "--service", "c")) == ["a", "c"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--stack", "none"],
        ["--what"],
        ["--stack"],
        ["--timeout", "0"],
        ["--timeout", "soon"],
        ["--jobs=-1"],
        ["--wait", ""],
        ["x"],
    ],
)
def test_wrong_arguments_are_told_from_unhealthy_services(tmp_path: Path, arguments: list[str]) -> None:
    done = run(script(tmp_path, entry("a", 1)), *arguments)
    assert (done.returncode, done.stdout) == (125, "")
    assert done.stderr.startswith("ports-health.sh: ")


def test_the_exit_status_is_the_number_of_the_unhealthy_but_no_more_than_100(tmp_path: Path) -> None:
    gone = free_port()
    file = script(tmp_path, "".join(entry(f"s{number}", gone) for number in range(103)))
    done = run(file)
    assert done.returncode == 100
    assert done.stdout.splitlines()[-1].startswith("0 up, 103 down")


@contextmanager
def waiting(file: Path) -> Iterator[subprocess.Popen[str]]:
    """The script once it has been round for the first time, and found something down."""
    command = [judge("bash"), file, "--wait", "60"]
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(file.parent)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            while not list(file.parent.glob("ports-health.*/0")):
                assert process.poll() is None
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


def test_it_waits_until_all_is_well(tmp_path: Path) -> None:
    port = free_port()
    with waiting(script(tmp_path, entry("late", port, protocol="redis"))) as process, redis(tmp_path, port):
        output, _ = process.communicate()
    assert (process.returncode, output.splitlines()[-1]) == (0, "1 up, 0 down, 0 down and excused, 0 not asked")


def test_when_it_is_stopped_nothing_is_left(tmp_path: Path) -> None:
    with listener(None) as silent:
        file = script(tmp_path, entry("gone", free_port()) + entry("cache", silent, protocol="redis"))
        with waiting(file) as process:
            process.terminate()
            process.communicate()
    assert process.returncode == 143
    assert list(tmp_path.glob("ports-health.*/")) == []


def strays(tmp_path: Path, port: int, more: str = "", **variables: str) -> tuple[int, list[Any]]:
    """What is said of something at `port`, in a range of which only another port is registered."""
    start = f"version: '1'\nranges: {{'one $(id)': '{port}-{port}', all: '{port}-{port}'}}\n{more}services:\n"
    file = tmp_path / "ports-health.sh"
    known = registry(start + f"  - {{name: known, stack: all, port: {port + 1 if port < 65535 else 1}}}\n")
    file.write_text(text_of(artefact("health", known)), encoding="utf-8")
    done = run(file, "--listeners", "--json", **variables)
    assert len(run(file, "--listeners", **variables).stdout.splitlines()) == done.returncode
    return done.returncode, json.loads(done.stdout)["listeners"]


def test_what_listens_in_a_range_without_being_registered_is_found(tmp_path: Path) -> None:
    with listener(None) as port:
        assert strays(tmp_path, port) == (1, [{"port": port, "stack": "one $(id)"}])
        assert strays(tmp_path, port, KNOWN_PORT=str(port)) == (0, [])
        assert strays(tmp_path, port, KNOWN_PORT="9" * 40)[0] == 1
        assert strays(tmp_path, port, f"reserved: [{port}]\n") == (0, [])


def test_former_ports_and_those_beyond_the_ranges_are_left_alone(tmp_path: Path) -> None:
    with listener(None) as port:
        former = entry("a", 1, previous=[{"port": port, "until": "2030-01-01"}])
        file = tmp_path / "ports-health.sh"
        for ranges in (f"{port}-{port}", "1-2"):
            text = f"version: '1'\nranges: {{one: {ranges}}}\nservices:\n" + (former if "-2" not in ranges else entry("a", 1))
            file.write_text(text_of(artefact("health", registry(text))), encoding="utf-8")
            assert run(file, "--listeners").stdout == ""


def test_a_registry_of_nothing_of_ours_expects_no_listener(tmp_path: Path) -> None:
    with listener(None) as port:
        text = f"version: '1'\nranges: {{one: {port}-{port}}}\nservices:\n" + entry("theirs", 443, external=True)
        file = tmp_path / "ports-health.sh"
        file.write_text(text_of(artefact("health", registry(text))), encoding="utf-8")
        assert run(file, "--listeners").returncode == 1


def test_its_metrics_are_those_of_prometheus(tmp_path: Path) -> None:
    with listener(b"") as port:
        text = f"version: '1'\nranges: {{'a \"b\" \\c': '{port}-{port}'}}\nservices:\n"
        known = registry(text + entry("up", port, container_port=80, stack="s").replace(str(port), str(free_port())))
        file = tmp_path / "ports-health.sh"
        file.write_text(text_of(artefact("health", known)), encoding="utf-8")
        done = run(file, "--metrics")
    assert 'portscan_service_up{service="up",stack="s",excused=""} 0\n' in done.stdout
    assert f'portscan_unregistered_listener{{port="{port}",stack="a \\"b\\" \\\\c"}} 1\n' in done.stdout
    checked = subprocess.run(
        [judge("promtool"), "check", "metrics"], input=done.stdout, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_help_tells_every_option(tmp_path: Path) -> None:
    file = script(tmp_path, entry("a", 1))
    done = run(file, "--help")
    assert done.returncode == 0
    accepted = set(re.findall(r"^ +(--[a-z]+)(?==?\*?\)| \|)", file.read_text(encoding="utf-8"), re.MULTILINE))
    assert accepted == set(re.findall(r"^  (--[a-z]+)", done.stdout, re.MULTILINE))


def test_nothing_in_it_is_newer_than_bash_3(tmp_path: Path) -> None:
    """The bash of macOS is of 2007."""
    newer = (r"declare -[gAn]", r"local -n", r"\bmapfile\b", r"\breadarray\b", r"wait -[np]", r"\|&", r"&>>", r"\bcoproc\b")
    newer += (
        r"\$\{[^}]*(\^\^?|,,?|@[A-Za-z])\}",
        r"\$\{[^}]*\[-\d",
        r"printf '%\(",
        r"\$EPOCH",
        r"\[\[ -v ",
        r";;?&",
        r"read [^\n|;]*-[tN]",
        r'(?<!\+)"\$\{\w+\[@\]\}"',  # of an empty array it is an unset variable there
    )
    text = script(tmp_path, entry("a", 1)).read_text(encoding="utf-8")
    assert [pattern for pattern in newer if re.search(pattern, text)] == []


def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    file = script(tmp_path, entry("a", 1, **health()) + entry("b", 2, gatewayPath="/b"), gateway="a")
    done = subprocess.run([judge("shellcheck"), "--severity=style", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_the_registry_says_is_inert(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ports-health.sh"
    file.write_text(text_of(artefact("health", hostile(text), gateway="edge")), encoding="utf-8")
    found = json.loads(run(file, "--list", "--json").stdout)
    told = run(file, "--list").stdout
    assert [check["service"] for check in found["checks"]][:3] == ["api", "api/admin", "edge"]
    assert len(told.splitlines()) == len(found["checks"]) + 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", told)
    assert [left.name for left in tmp_path.iterdir()] == [file.name]
    if THOROUGH or text in (TEXTS["quotes"], TEXTS["substitution"]):
        done = subprocess.run([judge("shellcheck"), file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")
