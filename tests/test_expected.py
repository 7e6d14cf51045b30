"""What a test expects is no setting, and what a container runs does not read the host's variables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.config import Config
from portscan.pipeline.scanning import scan
from tests.literals import registry
from tests.repository import repository, write

KNOWN = registry("name: api, port: 4010")
SERVER = "const http = require('http');\n"  # no page of a browser, where nothing reads the environment
CALL = '{}("http://localhost:4010/x");\n'


def fixes(root: Path, path: str, text: str) -> list[tuple[str, str]]:
    write(root / path, SERVER + text if path.endswith(("js", "ts")) else text)
    found = scan(root, [path], KNOWN, Config(), date(2026, 1, 1), fixes=True).report.findings
    return [(each.fix.applicability, str(each.help).partition(" Mind: ")[2]) for each in found if each.fix]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.test.js", CALL.format("expect(url).toBe")),
        ("src/__tests__/a.ts", CALL.format("vi.stubEnv")),
        ("a.clienttest.ts", 'vi.mock("x", () => ({\n\n  base: () => "http://localhost:4010",\n}));\n'),
        ("a.spec.ts", 'expect(call).toEqual({\n  to: {\n    url: "http://localhost:4010",\n  },\n});\n'),
        ("tests/a.py", 'def test():\n    assert url == "http://localhost:4010"\n'),
        ("test_a.py", 'def test(get):\n    get.assert_called_with(\n        "http://localhost:4010",\n    )\n'),
        ("a.test.sh", "assert_command \\\n  'curl http://localhost:4010' \\\n  'it calls'\n"),
        ("a.test.sh", "diff out - <<EOF\nurl: http://localhost:4010\nEOF\n"),
        ("a.test.sh", '[ "$url" = "http://localhost:4010" ]\n'),
    ],
)
def test_an_expected_value_is_left_to_a_person(tmp_path: Path, path: str, text: str) -> None:
    (found,) = fixes(tmp_path, path, text)
    assert found == ("unsafe", "a test expects this, or puts it in the place of something, whatever the environment says.")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", CALL.format("expect(url).toBe")),
        ("latest.js", CALL.format("expect(url).toBe")),
        ("api_latest.js", CALL.format("expect(url).toBe")),
        ("a.test.js", "it('should be mocked', async () => {\n  await " + CALL.format("fetch") + "});\n"),
        ("a.test.js", 'const api = "http://localhost:4010";\nexpect(api).toBe(other);\n'),
        ("tests/a.py", 'def test_mock():\n    get("http://localhost:4010")\n'),
        ("a.test.sh", "diff out - <<EOF\nEOF\ncurl http://localhost:4010\n"),
        ("a.test.sh", "cat > settings <<EOF\nurl: http://localhost:4010\nEOF\n"),
    ],
)
def test_what_a_test_calls_is_bound(tmp_path: Path, path: str, text: str) -> None:
    assert fixes(tmp_path, path, text) == [("safe", "")]


@pytest.mark.parametrize(
    ("compose", "safe"),
    [
        ('services: {x: {volumes: ["./scripts/a.py:/a.py"]}}\n', True),  # only what stands on a line of its own is read
        ("services:\n  x:\n    volumes:\n      - ./scripts/a.py:/etc/init.d/01.py:ro\n", False),
        ("services:\n  x:\n    volumes:\n      - type: bind\n        source: ./scripts/a.py\n        target: /a.py\n", False),
        ("services:\n  x:\n    volumes:\n      - ./scripts:/scripts\n", True),
        ("services:\n  x:\n    volumes:\n      - ./a.py:/a.py\n", True),
    ],
)
def test_a_script_that_a_container_gets_is_left_to_a_person(tmp_path: Path, compose: str, safe: bool) -> None:
    write(repository(tmp_path) / "docker-compose.dev.yml", compose)
    (found,) = fixes(tmp_path, "scripts/a.py", 'URL = "http://localhost:4010"\n')
    mounted = "a Compose file mounts this file into a container, which has an environment of its own."
    assert found == (("safe", "") if safe else ("unsafe", mounted))
