"""What is passed over without being asked for: files that no person edits, so that a port in them is no decision.

A path given by hand is read all the same. Names are those of wide convention; what merely looks generated (`build`,
`out`, `target`) may well hold sources and is read.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.model import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def words(text: str) -> frozenset[str]:
    """The words of a text, for long lists to stay readable."""
    return frozenset(text.split())


VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".jj"})

DIRECTORIES = words(
    """
    node_modules bower_components jspm_packages .pnpm-store .yarn
    vendor third_party third-party thirdparty _vendor Pods Carthage
    site-packages .venv venv .direnv .tox .nox .eggs __pycache__ .mypy_cache .pytest_cache .ruff_cache .ipynb_checkpoints
    dist .next .nuxt .svelte-kit .turbo .parcel-cache .angular .gradle .terraform .terragrunt-cache .serverless .aws-sam
    .dart_tool .bundle .cache .portscan-write
    """
)

# The mark of a directory that some program can make again (https://bford.info/cachedir/), and how it begins.
CACHE_TAG, CACHE_SIGNATURE = "CACHEDIR.TAG", b"Signature: 8a477f597d28d172789f06886806bc55"

LOCK_FILES = words(
    """
    package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock bun.lockb deno.lock .pnp.cjs .pnp.loader.mjs
    poetry.lock uv.lock Pipfile.lock pdm.lock pixi.lock pylock.toml conda-lock.yml
    Cargo.lock go.sum go.work.sum composer.lock symfony.lock Gemfile.lock mix.lock rebar.lock
    Podfile.lock Package.resolved pubspec.lock packages.lock.json gradle.lockfile shard.lock stack.yaml.lock
    flake.lock .terraform.lock.hcl Chart.lock buf.lock MODULE.bazel.lock
    """
)

MINIFIED = (".min.js", ".min.mjs", ".min.cjs", ".min.css", "-min.js")

BINARY_EXTENSIONS = words(
    """
    png jpg jpeg gif bmp ico icns webp avif heic tif tiff psd pdf
    woff woff2 ttf otf eot
    mp3 mp4 m4a m4v mov avi mkv webm ogg oga ogv wav flac
    zip gz tgz bz2 xz zst lz4 7z rar tar jar war ear whl egg deb rpm apk dmg iso
    exe dll so dylib a o lib class pyc pyo pyd wasm bin node pack
    db sqlite sqlite3 parquet feather arrow pkl pickle npy npz h5 hdf5 onnx pt safetensors
    doc docx xls xlsx ppt pptx odt ods odp
    jks keystore p12 pfx der mo swf
    """
)

# A person breaks lines; a bundler does not. Only what is shipped to browsers is judged so: a dashboard in JSON may be
# one long line and still be somebody's decision.
BUNDLED = (".js", ".mjs", ".cjs", ".css")
SMALLEST_BUNDLE = 4096
LONGEST_MEAN_LINE = 500


def reason(name: str) -> Reason | None:
    """Why a file of this name is passed over; None when it is read."""
    if name in LOCK_FILES:
        return Reason("lock file")
    lower = name.lower()
    if lower.endswith(MINIFIED):
        return Reason("minified file")
    if lower.endswith(".map"):
        return Reason("source map")
    if name.startswith(".portscan-"):
        return Reason("left over from a write that was cut short")
    stem, dot, extension = lower.rpartition(".")
    return Reason("binary file") if dot and stem and extension in BINARY_EXTENSIONS else None


def bundled(name: str, data: bytes) -> bool:
    """Whether the contents of a script or style sheet were written by a bundler."""
    if len(data) < SMALLEST_BUNDLE or not name.lower().endswith(BUNDLED):
        return False
    return len(data) > LONGEST_MEAN_LINE * (data.count(b"\n") + 1)


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches one of `globs`.

    `*` and `?` stop at a slash, `**` does not, `[a-z]` is a choice. A pattern that matches a directory matches all that
    is in it, and one without a slash matches at any depth: `fixtures` is `**/fixtures/**`.
    """
    if not globs:
        return lambda _path: False
    pattern = re.compile("|".join(_expression(glob, f"n{number}_") for number, glob in enumerate(globs)))
    return lambda path: pattern.match(path) is not None


PIECE = re.compile(r"(?<![^/])(?:\*\*/)+|\*{2,}|\*|\?|\[!?[^\]/]+\]|.", re.DOTALL)
FOLDERS, ALL, SOME = "(?:[^/]+/)*?", ".*?", "[^/]*?"  # what `**/`, `**` and `*` stand for


def _expression(glob: str, names: str = "n") -> str:
    """A pattern as a regular expression; `names` begins the names of its groups."""
    body = glob.removeprefix("./").rstrip("/")
    depth = () if "/" in body else (FOLDERS,)
    pieces = (*depth, *map(_piece, PIECE.findall(body.lstrip("/"))))
    expression = rf"(?s:{''.join(_settled(pieces, names))}(?:/.*)?)\Z"
    try:
        re.compile(expression)
    except re.error:
        raise UserError(f"{glob!r} is not a path pattern", "A choice in brackets goes upwards: [a-z].") from None
    return expression


def _settled(pieces: Sequence[str], names: str) -> Iterator[str]:
    """The pieces, so joined that the time for a path does not grow with every star of a pattern.

    A star takes as little as it can, and what follows it up to the next star of its reach is sought once: whatever it could
    skip for a later place, the next one can skip as well. So does `fnmatch`; here `*` stays within a name, the others do not.
    """
    blocks = _stretches(pieces, (FOLDERS, ALL))
    for number, block in enumerate(blocks):
        first, *more = _stretches(block, (SOME,))
        last = more.pop() if more else ()
        inner = (_once(each, f"{names}{number}_{place}") for place, each in enumerate(map("".join, more)))
        text = "".join((*first, *inner, *last))
        yield _once(text, f"{names}{number}") if text and number + 1 < len(blocks) else text


def _stretches(pieces: Sequence[str], stars: Sequence[str]) -> list[tuple[str, ...]]:
    """The pieces in stretches that begin with one of the stars, but for the first one."""
    starts = [0, *(number for number, piece in enumerate(pieces) if piece in stars and number), len(pieces)]
    return [tuple(pieces[start:end]) for start, end in pairwise(starts)]


def _once(expression: str, name: str) -> str:
    """The first match of an expression, and no other one when what follows does not fit."""
    return f"(?=(?P<{name}>{expression}))(?P={name})"


def _piece(part: str) -> str:
    if part.startswith("**"):
        return FOLDERS if part.endswith("/") else ALL
    if part in ("*", "?"):
        return SOME if part == "*" else "[^/]"
    if len(part) > 2 and part[0] == "[":
        negated = part[1] == "!"
        return f"[{'^/' if negated else ''}{_choice(part[2 if negated else 1 : -1])}]"
    return re.escape(part)


def _choice(body: str) -> str:
    return body.replace("\\", r"\\").replace("[", r"\[").replace("^", r"\^")
