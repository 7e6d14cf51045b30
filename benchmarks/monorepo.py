"""A synthetic monorepo of any size, the same for everybody: a seeded generator makes it.

usage: python -m benchmarks.monorepo DIRECTORY FILES

About one file in twenty holds ports, as in the repositories that portscan was first tried on; most are code.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

SEED = 20261125
SERVICES = 40
FIRST = 4000
WITH_PORTS = 0.05
NOUNS = (
    *("account", "batch", "cache", "channel", "cursor", "event", "feed", "frame", "group", "handle", "index", "item"),
    *("job", "key", "lane", "message", "node", "offer", "order"),
)
VERBS = (
    *("apply", "build", "check", "close", "collect", "count", "create", "decode", "drop", "emit", "fetch", "filter"),
    *("find", "join", "load", "map", "merge", "open", "parse"),
)

Writer = Callable[[Random, int | None], str]


def main() -> int:
    """Make the repository that the arguments describe."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    make(folder, count)
    return 0


def make(folder: Path, count: int) -> None:
    """`count` files in a git repository below `folder`, among them a registry at the usual place."""
    random = Random(SEED)  # noqa: S311  (nothing here is a secret)
    for number in range(count):
        path, writer = _kind(random, number)
        port = FIRST + random.randrange(SERVICES) if random.random() < WITH_PORTS else None
        _write(folder / path, writer(random, port))
    _write(folder / "config" / "ports" / "registry.yaml", registry())
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "A synthetic monorepo")):
        identity = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost", "-c", "gc.auto=0")
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)


def registry() -> str:
    """The registry of the services that the files speak of."""
    entries = [f"  - {{name: service-{n}, stack: all, port: {FIRST + n}}}\n" for n in range(SERVICES)]
    return f'version: "1.0.0"\nranges: {{all: "{FIRST}-{FIRST + 999}"}}\nservices:\n{"".join(entries)}'


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _kind(random: Random, number: int) -> tuple[str, Writer]:
    """The path of a file and what writes its text. A folder holds about forty files."""
    folder = f"services/team-{number // 4000}/service-{number // 40}"
    kinds: tuple[tuple[int, str, Writer], ...] = (
        (45, f"{folder}/src/{random.choice(NOUNS)}-{number}.ts", _typescript),
        (65, f"{folder}/app/{random.choice(NOUNS)}_{number}.py", _python),
        (75, f"{folder}/deploy/{random.choice(NOUNS)}-{number}.yaml", _yaml),
        (85, f"{folder}/data/{random.choice(NOUNS)}-{number}.json", _json),
        (92, f"{folder}/docs/{random.choice(NOUNS)}-{number}.md", _markdown),
        (97, f"{folder}/scripts/{random.choice(VERBS)}-{number}.sh", _shell),
        (100, f"{folder}/.env.{random.choice(NOUNS)}{number}", _env),
    )
    drawn = random.randrange(100)
    return next((path, writer) for limit, path, writer in kinds if drawn < limit)


def _name(random: Random) -> str:
    return f"{random.choice(VERBS)}{random.choice(NOUNS).title()}{random.randrange(100)}"


def _body(random: Random, line: Callable[[Random], str], port_line: str | None) -> str:
    """Lines of code; one of them may hold the port."""
    lines = [line(random) for _ in range(random.randrange(20, 160))]
    if port_line is not None:
        lines.insert(random.randrange(len(lines)), port_line)
    return "\n".join(lines) + "\n"


def _typescript(random: Random, port: int | None) -> str:
    def line(r: Random) -> str:
        a, b = _name(r), _name(r)
        return f"export const {a} = ({b}: number): string => `{r.choice(NOUNS)} ${{{b} + {r.randrange(10000)}}}`;"

    return _body(random, line, f"const url = 'http://localhost:{port}/api';" if port else None)


def _python(random: Random, port: int | None) -> str:
    def line(r: Random) -> str:
        return f"def {r.choice(VERBS)}_{r.choice(NOUNS)}_{r.randrange(999)}(x):\n    return x * {r.randrange(10000)}\n"

    return _body(random, line, f"PORT = {port}\n" if port else None)


def _yaml(random: Random, port: int | None) -> str:
    def line(r: Random) -> str:
        return f"{r.choice(NOUNS)}-{r.randrange(10**9)}:\n  size: {r.randrange(10000)}\n  when: '{r.choice(VERBS)}'"

    return _body(random, line, f"listener:\n  port: {port}" if port else None)


def _json(random: Random, port: int | None) -> str:
    rows = [f'  "{random.choice(NOUNS)}{n}": {random.randrange(10**6)},' for n in range(random.randrange(10, 200))]
    return "\n".join(("{", *rows, f'  "port": {port or 0}', "}")) + "\n"


def _markdown(random: Random, port: int | None) -> str:
    def line(r: Random) -> str:
        return f"We {r.choice(VERBS)} the {r.choice(NOUNS)} of {r.randrange(2000, 2030)}, and {r.choice(VERBS)} it again.\n"

    return _body(random, line, f"It listens on http://localhost:{port}.\n" if port else None)


def _shell(random: Random, port: int | None) -> str:
    def line(r: Random) -> str:
        return f'{r.choice(VERBS)}_{r.choice(NOUNS)}() {{ echo "{r.choice(NOUNS)} {r.randrange(1000)}"; }}'

    return "#!/usr/bin/env bash\n" + _body(random, line, f"curl -fsS http://localhost:{port}/health" if port else None)


def _env(random: Random, port: int | None) -> str:
    rows = [f"{random.choice(NOUNS).upper()}_{n}={random.choice(VERBS)}" for n in range(random.randrange(5, 40))]
    return "\n".join((*rows, f"API_PORT={port}" if port else "DEBUG=0")) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
