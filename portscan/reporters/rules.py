"""A rule of `rules/findings` in words: what it says, why, and what it finds in its examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from portscan.findings import Example, FindingRule

# The keys of an example that hold text, and the language of a fence for them; what else there is stands in one line.
TEXTS: Mapping[str, str] = {"registry": "yaml", "code": "", "compose": "yaml", "fixed": ""}
KEPT = frozenset(("title", "path", "findings", *TEXTS))
PLACE = re.compile(r"(\d+:\d+) (\w+)")
OPEN = re.compile(r"\{\w+\}\.?")  # words that are filled in wholly: they say nothing before


def title(rule: FindingRule) -> str:
    """The code and its name."""
    return f"{rule.code} {rule.name}"


def summary(rule: FindingRule) -> str:
    """The first sentence of why there is the rule."""
    return re.split(r"(?<=[.:])\s", " ".join(rule.rationale.split()), maxsplit=1)[0].rstrip(".:") + "."


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
    lines = [f"*{rule.severity}*", *(f"> {line}" for line in said(rule)), "", rule.rationale.strip()]
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
        language = TEXTS.get(name, "") or name.rpartition(".")[2].lower()
        yield from ("", f"`{name}`", "", f"{fence}{language}", text.rstrip("\n"), fence)
    for line in settings(example):
        yield from ("", f"`{line}`")
