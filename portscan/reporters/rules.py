"""A rule of `rules/findings` in words: what it says, why, and what it finds in its examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from portscan.expressions import compiled
from portscan.reporters.formats.json import document
from portscan.reporters.words import wrapped
from portscan.terminal import paint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.findings import Example, FindingRule
    from portscan.terminal import Streams

# The keys of an example that hold text, and the language of a fence for them; what else there is stands in one line.
TEXTS: Mapping[str, str] = {"registry": "yaml", "code": "", "compose": "yaml", "fixed": ""}
KEPT = frozenset(("title", "path", "findings", "files", *TEXTS))
PLACE = compiled(r"(?<!\d)(\d+:\d+) (\w+)")
OPEN = compiled(r"(?:\{\w+\}[ .]*)+")  # words that are filled in wholly: they say nothing before


def title(rule: FindingRule) -> str:
    """The code and its name."""
    return f"{rule.code} {rule.name}"


def summary(rule: FindingRule) -> str:
    """The first sentence of why there is the rule."""
    return re.split(r"(?<=[.:])\s", " ".join(rule.rationale.split()), maxsplit=1)[0].rstrip(".:") + "."


def listed(rules: Sequence[FindingRule], streams: Streams) -> str:
    """The code, the name and the severity of each rule, and below it why there is the rule."""
    lines = []
    for rule in rules:
        lines.append(f"{paint(rule.code, 'code', streams.color)}  {rule.name} ({rule.severity})")
        lines += wrapped(" " * (len(rule.code) + 2), summary(rule), streams.width)
    return "".join(f"{line}\n" for line in lines)


def explained(rule: FindingRule, streams: Streams) -> str:
    """The whole rule for people at a terminal."""
    paragraphs = [*said(rule), *rule.rationale.strip().split("\n\n")]
    lines = [paint(f"{title(rule)} ({rule.severity})", "bold", streams.color)]
    for paragraph in paragraphs:
        lines += ["", *wrapped("  ", " ".join(paragraph.split()), streams.width)]
    for example in rule.examples:
        head = wrapped("  Example: ", example_title(example), streams.width)
        lines += ["", *(paint(line, "bold", streams.color) for line in head)]
        lines += [f"    {line}" for line in settings(example)]
        for name, text in texts(example):
            lines += ["", f"    {paint(name, 'path', streams.color)}", *(f"      {line}".rstrip() for line in text.splitlines())]
        lines += ["", *wrapped("    ", found_in(example), streams.width)]
    return "".join(f"{line}\n" for line in lines)


def as_json(rules: Sequence[FindingRule]) -> str:
    """The rules as one versioned document."""
    return document(rules=[as_data(rule) for rule in rules])


def as_page(rules: Sequence[FindingRule]) -> str:
    """The rules as a page of Markdown, with a table of them first when there are several."""
    table = ["| code | name | severity | why |", "| --- | --- | --- | --- |"]
    table += [f"| [{r.code}](#{r.code.lower()}-{r.name}) | {r.name} | {r.severity} | {summary(r)} |" for r in rules]
    parts = ["\n".join(table) + "\n"] if len(rules) > 1 else []
    return "\n".join((*parts, *(f"## {title(rule)}\n\n{as_markdown(rule)}" for rule in rules)))


def as_data(rule: FindingRule) -> dict[str, Any]:
    """The rule as JSON has it: every key of its file, with its examples as they are written."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "message": rule.message,
        "help": rule.help,
        "rationale": rule.rationale,
        "examples": [{**example.fields} for example in rule.examples],
        "source": rule.source,
    }


def as_text(rule: FindingRule) -> str:
    """The rule as plain text of any width: what is reported, why, and what helps."""
    return "\n\n".join((*said(rule), rule.rationale.strip()))


def said(rule: FindingRule) -> Iterator[str]:
    """The message and the advice, as far as they say something before they are filled in."""
    for template in (rule.message, rule.help):
        if template and not OPEN.fullmatch(template):
            yield worded(template)


def as_markdown(rule: FindingRule) -> str:
    """The rule as Markdown, below a heading that the caller writes."""
    lines = [f"*{rule.severity}*", "", *(f"> {line}" for line in said(rule)), "", rule.rationale.strip()]
    for example in rule.examples:
        lines += ["", f"**{example_title(example)}**", *_fences(example), "", f"{found_in(example)}"]
    return "\n".join(lines) + "\n"


def worded(template: str) -> str:
    """A message as people read it before it is filled in: `{other_range}` becomes ‹other range›."""
    return re.sub(r"`?\{(\w+)\}`?", lambda match: f"‹{match[1].replace('_', ' ')}›", template)


def example_title(example: Example) -> str:
    """What the example shows."""
    return str(example.fields.get("title", "Example"))


def texts(example: Example) -> Iterator[tuple[str, str]]:
    """The texts of an example, each with the name that it goes by: that of its file, or what it is."""
    for key in TEXTS:
        if key in example.fields:
            name = str(example.fields.get("path", key)) if key == "code" else key
            yield name, str(example.fields[key])
    yield from ((str(name), str(text)) for name, text in example.fields.get("files", {}).items())


def settings(example: Example) -> Sequence[str]:
    """What else an example has, a line each."""
    return [f"{key}: {value}" for key, value in example.fields.items() if key not in KEPT]


def found_in(example: Example) -> str:
    """What is found in an example, as a sentence."""
    if not example.findings:
        return "Nothing is reported."
    found = (PLACE.sub(r"\2 at \1", each) for each in example.findings)
    return f"Reported: {', '.join(found)}."


def _fences(example: Example) -> Iterator[str]:
    for name, text in texts(example):
        fence = "`" * 3 if "```" not in text else "`" * 4
        language = TEXTS.get(name, "") or ("sh" if name.startswith(".env") else name.rpartition(".")[2].lower())
        yield from ("", f"`{name}`", "", f"{fence}{language}", text.rstrip("\n"), fence)
    for line in settings(example):
        yield from ("", f"`{line}`")
