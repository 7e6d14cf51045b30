"""Shell: the script does the same with the variable unset, and follows it when it is set. bash decides, not we."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from portscan.spelling import Declined
from portscan.spelling.shell_quoting import quoting
from tests.spelling.helpers import bound, variables_of

BASH = shutil.which("bash")

CASES = [
    pytest.param("echo --port «4007»\n", "echo --port ${API_PORT:-4007}\n", id="bare"),
    pytest.param('echo "http://localhost:«4007»/x"\n', 'echo "http://localhost:${API_PORT:-4007}/x"\n', id="double-quoted"),
    pytest.param("echo 'http://localhost:«4007»/x'\n", "echo 'http://localhost:'\"${API_PORT:-4007}\"'/x'\n", id="single-quoted"),
    pytest.param('echo "a $(echo --port «4007») b"\n', 'echo "a $(echo --port ${API_PORT:-4007}) b"\n', id="substitution"),
    pytest.param(
        "echo \"a $(echo 'localhost:«4007»') b\"\n",
        "echo \"a $(echo 'localhost:'\"${API_PORT:-4007}\"'') b\"\n",
        id="single-quoted in a substitution",
    ),
    pytest.param("PORT=«4007»; echo $PORT\n", "PORT=${API_PORT:-4007}; echo $PORT\n", id="assignment"),
    pytest.param("PORT=«4007» env | grep ^PORT=\n", "PORT=${API_PORT:-4007} env | grep ^PORT=\n", id="in front of a command"),
    pytest.param("PORTS=(«4007» 1); echo ${PORTS[0]}\n", "PORTS=(${API_PORT:-4007} 1); echo ${PORTS[0]}\n", id="array"),
    pytest.param(
        "cat <<EOF\nhttp://localhost:«4007»\nEOF\n", "cat <<EOF\nhttp://localhost:${API_PORT:-4007}\nEOF\n", id="here-document"
    ),
    pytest.param(
        "echo ${OTHER_PORT:-«4007»}\n", "echo ${OTHER_PORT:-${API_PORT:-4007}}\n", id="the fallback of another variable"
    ),
    pytest.param(
        "for port in «4007» 2; do echo $port; done\n", "for port in ${API_PORT:-4007} 2; do echo $port; done\n", id="for"
    ),
    pytest.param(
        "cat <<A; cat <<'B'\nhttp://localhost:«4007»\nA\nit's\nB\n",
        "cat <<A; cat <<'B'\nhttp://localhost:${API_PORT:-4007}\nA\nit's\nB\n",
        id="first of two here-documents",
    ),
    pytest.param(
        "cat <<'A'; cat <<-B\nit's\nA\n\thttp://localhost:«4007»\n\tB\n",
        "cat <<'A'; cat <<-B\nit's\nA\n\thttp://localhost:${API_PORT:-4007}\n\tB\n",
        id="second of two here-documents",
    ),
    pytest.param(
        "cat <<A\n'$(echo 'localhost:«4007»')'\nA\n",
        "cat <<A\n'$(echo 'localhost:'\"${API_PORT:-4007}\"'')'\nA\n",
        id="single-quoted in a substitution in a here-document",
    ),
    pytest.param(
        "echo \"a << B\" $((1<<2))\necho 'localhost:«4007»'\nB=1\n",
        "echo \"a << B\" $((1<<2))\necho 'localhost:'\"${API_PORT:-4007}\"''\nB=1\n",
        id="no here-document",
    ),
    pytest.param(
        "cat <<<'B'\necho 'localhost:«4007»'\nB=1\n",
        "cat <<<'B'\necho 'localhost:'\"${API_PORT:-4007}\"''\nB=1\n",
        id="a text in place of a here-document",
    ),
    pytest.param(
        "echo \"$( (true); echo 'localhost:«4007»')\"\n",
        "echo \"$( (true); echo 'localhost:'\"${API_PORT:-4007}\"'')\"\n",
        id="behind a subshell in a substitution",
    ),
    pytest.param(
        "echo \"$(f() { echo 'localhost:«4007»'; }; f)\"\n",
        "echo \"$(f() { echo 'localhost:'\"${API_PORT:-4007}\"''; }; f)\"\n",
        id="in a function in a substitution",
    ),
    pytest.param(
        "echo \"$(case a in a) echo 'localhost:«4007»';; esac) it's\"\n",
        "echo \"$(case a in a) echo 'localhost:'\"${API_PORT:-4007}\"'';; esac) it's\"\n",
        id="behind the pattern of a case in a substitution",
    ),
    pytest.param(
        "u=a; echo \"${u#'localhost:«4007»'} it's\"\n",
        "u=a; echo \"${u#'localhost:'\"${API_PORT:-4007}\"''} it's\"\n",
        id="single-quoted in what is cut off within double quotes",
    ),
    pytest.param(
        "echo \"${u:-'localhost:«4007»'}\"\n",
        "echo \"${u:-'localhost:${API_PORT:-4007}'}\"\n",
        id="apostrophes in a fallback within double quotes",
    ),
    pytest.param(
        "(true)# don't\necho 'localhost:«4007»'\n",
        "(true)# don't\necho 'localhost:'\"${API_PORT:-4007}\"''\n",
        id="a comment right behind a bracket",
    ),
    pytest.param(
        "echo a\\ #b' c'; echo 'localhost:«4007»'\n",
        "echo a\\ #b' c'; echo 'localhost:'\"${API_PORT:-4007}\"''\n",
        id="no comment behind an escaped blank",
    ),
    pytest.param(
        "x=a; echo ${x/ #/'b c'} localhost:«4007»\n",
        "x=a; echo ${x/ #/'b c'} localhost:${API_PORT:-4007}\n",
        id="no comment within an expansion",
    ),
    pytest.param(
        "echo \"`(true); echo 'localhost:«4007»'`\"\n",
        "echo \"`(true); echo 'localhost:'\"${API_PORT:-4007}\"''`\"\n",
        id="single-quoted in backticks",
    ),
    pytest.param("# it's\necho --port «4007»\n", "# it's\necho --port ${API_PORT:-4007}\n", id="an apostrophe in a comment"),
    pytest.param("echo it\\'s --port «4007»\n", "echo it\\'s --port ${API_PORT:-4007}\n", id="an escaped apostrophe"),
    pytest.param("echo é💥 --port «4007»\r\n", "echo é💥 --port ${API_PORT:-4007}\r\n", id="non-ASCII and CRLF"),
]


def output(script: str, port: str | None) -> bytes:
    assert BASH is not None
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **({"API_PORT": port} if port is not None else {})}
    return subprocess.run([BASH, "-c", script], capture_output=True, check=True, env=environment).stdout


@pytest.mark.parametrize(("before", "after"), CASES)
def test_digits_become_an_expansion_with_them_as_fallback(before: str, after: str) -> None:
    answer = bound("shell", "run.sh", before)
    assert not isinstance(answer, Declined)
    assert answer[0] == after
    assert answer[1].applicability == "safe"
    assert "API_PORT" in variables_of("run.sh", after)


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize(("before", "after"), CASES)
def test_bash_does_the_same_unset_and_follows_the_variable(before: str, after: str) -> None:
    original = before.replace("«", "").replace("»", "")
    assert output(after, None) == output(original, None)
    assert output(after, "") == output(original, None)
    assert output(after, "5999") == output(original.replace("4007", "5999"), None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("cat <<'EOF'\nhttp://localhost:«4007»\nEOF\n", "here-document", id="quoted here-document"),
        pytest.param("cat <<A; cat <<'B'\na\nA\nhttp://localhost:«4007»\nB\n", "here-document", id="second, quoted"),
        pytest.param("cat <<'A' <<B\nhttp://localhost:«4007»\nA\nb\nB\n", "here-document", id="first, quoted"),
        pytest.param("cat <<A; cat <<\\B\na\nA\nhttp://localhost:«4007»\nB\n", "here-document", id="second, escaped"),
        pytest.param("cat <<'A B'\nhttp://localhost:«4007»\nA B\n", "here-document", id="blank in the delimiter"),
        pytest.param('cat <<E"O"F\nhttp://localhost:«4007»\nEOF\n', "here-document", id="partly quoted"),
        pytest.param("cat <<'A'\n  A\nhttp://localhost:«4007»\nA\n", "here-document", id="what only looks like the end"),
        pytest.param("  cat <<'A'\n  http://localhost:«4007»\n  A\n", "here-document", id="indented, as within another text"),
        pytest.param("echo $'http://localhost:«4007»\\n'\n", "double quotes", id="ANSI quotes"),
        pytest.param('echo "`echo \\"it\'s localhost:«4007»\\"`"\n', "backticks", id="escaped quotes in backticks"),
        pytest.param("#!/usr/bin/env fish\nset PORT «4007»\n", "`fish`", id="fish by the first line"),
        pytest.param("#!/bin/csh -f\nset PORT=«4007»\n", "`csh`", id="csh by the first line"),
    ],
)
def test_what_the_shell_does_not_expand_is_declined(text: str, reason: str) -> None:
    answer = bound("shell", "run.sh", text)
    assert isinstance(answer, Declined)
    assert reason in answer.reason


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ("x", "bare"),
        ("'x", "single"),
        ('"x', "double"),
        ("'a' x", "bare"),
        ('"a\\" x', "double"),
        ("\"$('x", "single"),
        ("\"$(a 'b') x", "double"),
        ("$'x", "ansi"),
        ("# don't\nx", "bare"),
        ("a#b 'x", "single"),
        ("cat <<A\nx", "here"),
        ("cat <<A\nA\nx", "bare"),
        ("cat <<'A'\nx", "verbatim"),
        ("#!/usr/bin/env -S bash -e\n\"$( (a) 'x", "single"),
        ('(case a in (b) c;; esac) "$(d) x', "double"),
        ("`a` 'x", "single"),
        ("\"`a` 'x", "double"),
        ('"${a} `b\\"x', "doubt"),
        ("${a#'b'x", "brace"),
    ],
)
def test_quoting_is_told_by_what_stands_in_front(script: str, state: str) -> None:
    assert quoting(script, script.index("x")) == state
