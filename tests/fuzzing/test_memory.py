"""No reader takes more memory than a few dozen times what it reads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.fuzzing.corpus import TOP
from tests.judges import EXHAUSTIVE

resource = pytest.importorskip("resource", reason="memory is measured by POSIX means")
MEASURE = """
import resource, sys
from tests.fuzzing.invariants import sparing
from portscan.source import decode
path, piece, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
sparing().read(decode(path, piece.encode()))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sparing().read(decode(path, (piece * (size // len(piece))).encode()))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(before, after)
"""
LINE = """
import resource
from tests.fuzzing.invariants import sparing
from portscan.source import decode
def peak(times):
    text = 'x = "-"; y = "http://a/' + chr(92) + '"a' + (chr(92) + '"a: 12, ') * times
    sparing().read(decode("a.ts", text.encode()))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak(10), peak(220_000))
"""
YAML = "- name: web\n  ports: ['3103:80', 4010]\n  url: http://localhost:8080/x # port 80\n  more: {a: b, c: [d, e]}\n"
PIECES = {
    "a.yaml": YAML,
    "a.py": "x = f(1, 'a', [2, 3])\nport = int(os.environ.get('PORT') or 8080)\n",
    "a.js": "const a = {b: [1, 2], port: 8080};\nf(a, 'http://localhost:3103');\n",
    "a.json": '{"a": [1, "b"], "port": 8080},\n',
    "a.sh": "curl http://localhost:3103 | serve --port 8080 # port\n",
    "a.go": 'var a = f(1, "b", []int{8080})\n',
    "a.env": "PORT=8080 # port\nA=b\n",
    "a.md": "The API is at http://localhost:8080, port 80.\n",
    "a.conf": "listen 8080;\nserver localhost:3103 weight=5;\n",
    "a.html": "<a href='http://localhost:8080'>x</a>\n",
}
TIMES = 150  # bytes of memory for a byte of the file
MEGABYTE = 1 << 20
MOST = 500  # megabytes, for five of YAML


def megabytes(path: str, size: int) -> tuple[float, float]:
    """The peak before and after a file of so many bytes is read."""
    return peaks(MEASURE, path, PIECES[path], str(size))


def peaks(code: str, *arguments: str) -> tuple[float, float]:
    """What code prints in a process of its own, in megabytes."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=TOP, capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    before, after = (int(each) * unit / MEGABYTE for each in done.stdout.split())
    return before, after


@pytest.mark.parametrize("path", PIECES if EXHAUSTIVE else ["a.yaml"])
def test_memory_is_a_small_multiple_of_the_file(path: str) -> None:
    before, after = megabytes(path, MEGABYTE // 2)
    assert after - before <= TIMES / 2


def test_a_long_line_with_signs_everywhere_is_kept_nowhere() -> None:
    """JSON in a text has an escape at every quote, all in one line, here behind what may be a comment."""
    before, after = peaks(LINE)
    assert after - before <= 30 * 2


@pytest.mark.skipif(not EXHAUSTIVE, reason="takes a while; done for releases")
def test_five_megabytes_of_yaml_fit() -> None:
    assert megabytes("a.yaml", 5 * MEGABYTE)[1] <= MOST
