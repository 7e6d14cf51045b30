"""What must be true of the two files before anybody installs them: metadata, contents, version, changes."""

from __future__ import annotations

import re
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

from tools.pythons import declared
from tools.release.building import Built
from tools.release.running import Refused, run

VERSION_FILE = "portscan/__init__.py"
NEEDED_IN_WHEEL = ("portscan/py.typed", "portscan/_data/compiled.bin", "portscan/_data/schema/registry.schema.json")
UNRELEASED = "Unreleased"
# What Sphinx, pip and GitHub know as fields of a package that is complete.
FIELDS = ("Name", "Version", "Summary", "License-Expression", "Requires-Python", "Description-Content-Type", "Keywords")


def judged(source: Path, built: Built, tag: str) -> list[str]:
    """What was found to be right, a line each; Refused for what is not."""
    metadata = read_metadata(built.wheel)
    return [
        _version(source, metadata, tag),
        _changes((source / "CHANGELOG.md").read_text(encoding="utf-8"), metadata["Version"], tag),
        _fields(metadata),
        _links(metadata),
        _wheel(built.wheel),
        _sdist(source, built.sdist),
        *_others(built),
    ]


def read_metadata(wheel: Path) -> Message:
    """What a wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def _version(source: Path, metadata: Message, tag: str) -> str:
    """One file says it; the metadata and the tag follow."""
    version = metadata["Version"]
    said = [
        name
        for name in run("git", "ls-files", "*.py", "*.toml", cwd=source).splitlines()
        if not name.startswith(("tests/", "examples/"))
        and re.search(r"^(?:__version__|version) *= *[\"']", (source / name).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    if said != [VERSION_FILE]:
        raise Refused(f"the version is to be said in {VERSION_FILE} alone, and is in {', '.join(said)}")
    if f'__version__ = "{version}"' not in (source / VERSION_FILE).read_text(encoding="utf-8"):
        raise Refused(f"the metadata say {version}, and {VERSION_FILE} something else")
    if tag and tag != f"v{version}":
        raise Refused(f"the tag is {tag}, and the version {version}: the tag of this release is v{version}")
    return f"version {version}, said in {VERSION_FILE} alone" + (f", tagged {tag}" if tag else "")


def _changes(text: str, version: str, tag: str) -> str:
    """An entry for the version; before it is tagged, what is unreleased counts as that."""
    dated = re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE)
    if tag and not dated:
        raise Refused(f"CHANGELOG.md has no `## {version} - YYYY-MM-DD`: give what is under `## {UNRELEASED}` that heading")
    if tag and _sections(text).get(UNRELEASED):
        raise Refused(f"CHANGELOG.md still has something under `## {UNRELEASED}`, which is part of {version}")
    section = version if dated else UNRELEASED
    entries = len(re.findall(r"^- ", notes(text, version), re.MULTILINE))
    if not entries:
        raise Refused(f"CHANGELOG.md says nothing of {version}, neither under its own heading nor under `## {UNRELEASED}`")
    return f"CHANGELOG.md has {entries} entries under {section}"


def notes(text: str, version: str) -> str:
    """What the changelog says of a version, or of what will be it."""
    sections = _sections(text)
    return sections.get(version) or sections.get(UNRELEASED, "")


def _sections(text: str) -> dict[str, str]:
    found = re.findall(r"^## (\S+)[^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return {name: body.strip() for name, body in found}


def _fields(metadata: Message) -> str:
    missing = [field for field in FIELDS if not metadata[field]]
    classifiers = set(metadata.get_all("Classifier", []))
    wanted = {f"Programming Language :: Python :: {version}" for version in declared()} | {"Typing :: Typed"}
    missing += sorted(wanted - classifiers)
    floor = f">={declared()[0]}"
    if missing or metadata["Requires-Python"] != floor:
        raise Refused(f"metadata: {', '.join(missing) or 'Requires-Python is not ' + floor}")
    return f"metadata: all fields, {len(classifiers)} classifiers, Python {floor}"


def _links(metadata: Message) -> str:
    """No link is made up. Where the project has an address, `[project.urls]` says it, and links in the README need it, too."""
    links = metadata.get_all("Project-URL", [])
    if links:
        return f"metadata: {len(links)} project links"
    return "metadata: no project links, since pyproject.toml has no [project.urls]: see docs/releasing.md"


def _wheel(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    missing = [name for name in NEEDED_IN_WHEEL if name not in names]
    strangers = [name for name in names if name.split("/")[0] != "portscan" and ".dist-info/" not in name]
    licences = [name for name in names if ".dist-info/licenses/" in name]
    if missing or strangers or not licences:
        raise Refused(f"{wheel.name}: missing {missing}, not ours {strangers}, licences {licences}")
    return f"wheel: {len(names)} files, typed (py.typed), rules compiled, {len(licences)} licence texts"


def _sdist(source: Path, sdist: Path) -> str:
    """All that git knows is in it, so that who packages portscan can run the tests; nothing else is."""
    with tarfile.open(sdist) as archive:
        there = {name.partition("/")[2] for name in archive.getnames()} - {"PKG-INFO"}
    known = set(run("git", "ls-files", cwd=source).splitlines())
    if there != known:
        raise Refused(f"sdist: missing {sorted(known - there)}, unknown to git {sorted(there - known)}")
    return f"sdist: the {len(known)} files that git knows, and no other"


def _others(built: Built) -> list[str]:
    run("twine", "--no-color", "check", "--strict", built.wheel, built.sdist)
    run("check-wheel-contents", built.wheel)
    return ["twine check --strict: passed", "check-wheel-contents: passed"]
