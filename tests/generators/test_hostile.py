"""Whatever a registry's texts hold, every artefact stays valid and inert.

Valid is judged by kind of file, here by what Python brings along and in `test_judges` by the tools of others. Inert means
that the artefact has as many lines as with plain words, that the same lines begin as they did, and that nothing runs.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from portscan.generated import HASH, Maker, block, blocks, headed, whole
from portscan.generators import NAMES
from portscan.generators.claims import Claim
from portscan.generators.model import Artefact
from tests.generators.hostile import BENIGN, EVERYTHING, TEXTS, generated

UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\u2028\u2029\x00-\x08\x0b-\x1f\x7f-\x9f]")


def env(text: str) -> None:
    for line in text.splitlines():
        assert not line or re.fullmatch(r"# [^\"'`$]*|[A-Z_][A-Z0-9_]*=[A-Za-z0-9_.:/%@~+-]+", line), line


def markdown(text: str) -> None:
    """No raw HTML, no link that runs, every row of a table as wide as its head."""
    assert not re.search(r"(?<!\\)<(?!!-- |https?://|/?(?:details|summary)>)", outside_fences(text))
    assert not re.search(r"(?<!\\)\]\(\s*javascript:", text)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table


def outside_fences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def mdx(text: str) -> None:
    body = outside_fences(text.partition("\n---\n")[2] or text)
    assert not re.search(r"[{}](?!/?\*)(?<!\*[{}])", re.sub(r"\{/\* .*? \*/\}", "", body)), body
    markdown(body.replace("{/* ", "<!-- "))


# Of files that end otherwise only their own judge can tell, in the test of their generator.
VALID: dict[str, Callable[[str], object]] = {
    ".json": json.loads,
    ".yaml": lambda text: list(YAML().load_all(text)),
    ".yml": lambda text: list(YAML().load_all(text)),
    ".shared": env,
    ".containers": env,
    ".py": ast.parse,
    ".md": markdown,
    ".mdx": mdx,
}


def text_of(claim: Claim) -> str:
    artefact = claim.artefact
    maker = Maker(claim.name, ("config/ports/registry.yaml",), artefact.path)
    return headed(artefact.prologue, artefact.body, maker, artefact.style)


@pytest.fixture(scope="module")
def benign(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Claim]]:
    base = tmp_path_factory.mktemp("benign")
    return {name: list(generated(BENIGN, base, (name,))) for name in NAMES}


def test_what_is_asked_for_is_there() -> None:
    assert set(EVERYTHING) <= set(NAMES)


def lengths(found: Iterable[Claim]) -> list[int]:
    return sorted(len(text_of(claim).split("\n")) for claim in found)


def broken_out(found: Iterable[Claim], benign: Iterable[Claim]) -> str:
    """The first line that is another than with plain words, and what it is with these."""
    for claim, plain in zip(found, benign, strict=False):
        pairs = zip(text_of(claim).split("\n"), text_of(plain).split("\n"), strict=False)
        for number, (line, tame) in enumerate(pairs, 1):
            if number > 1 and not line.startswith(tame.partition(BENIGN)[0]):  # the first one may have a hash in it
                return f"{claim.artefact.path}:{number}: {line!r}, which is {tame!r} with plain words"
    return "a line more or less at the end"


def unseen(text: str) -> str:
    """The first line with a character that nobody sees."""
    lines = enumerate(text.replace("\t", "").split("\n"), 1)
    return next((f"line {number}: {line!r} holds {found!r}" for number, line in lines for found in UNSEEN.findall(line)), "")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", NAMES)
def test_an_artefact_stays_valid_and_inert(name: str, text: str, tmp_path: Path, benign: dict[str, list[Claim]]) -> None:
    found = generated(text, tmp_path, (name,))
    for claim in found:
        whole_text = text_of(claim)
        VALID.get(Path(claim.artefact.path).suffix, str)(whole_text)
        part = whole(whole_text)
        assert part is not None
        assert part.intact
        assert not unseen(whole_text)
    assert lengths(found) == lengths(benign[name]), broken_out(found, benign[name])


def test_what_breaks_out_is_told_by_its_line() -> None:
    def made(text: str) -> Claim:
        return Claim("x", Artefact("a.txt", f"1\tapi\t{text}\n2\tweb\n", HASH))

    assert broken_out([made("one\ntwo")], [made(BENIGN)]) == "a.txt:3: 'two', which is '2\\tweb' with plain words"
    assert unseen("a\nb\u202ec") == "line 2: 'b\\u202ec' holds '\\u202e'"


@pytest.mark.parametrize("kind", ["begin", "end"])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_begins_or_ends_a_block(name: str, kind: str, tmp_path: Path) -> None:
    for text in (f"{kind} portscan sync ({name})", f"{kind} portscan`sync ({name})", f"{kind}\tportscan\u200bsync ({name})"):
        for claim in generated(text, tmp_path, (name,)):
            (part,) = blocks(block(claim.artefact.body, Maker(name, ("r.yaml",), claim.artefact.path), HASH))
            assert part.intact
            assert part.body == claim.artefact.body
