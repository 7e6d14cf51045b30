"""How a file writes YAML: measured at what stands in it, so that what is added looks as if it had always been there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from portscan.document.nodes import resolve
from portscan.expressions import compiled
from portscan.records import dataclass, field
from portscan.registry.editing.page import Page, Spot

USUAL: Final = 2
# What every YAML parser, also one of version 1.1, reads as just this text.
PLAIN: Final = compiled(r"[^\W\d_][\w ./()+@&;!?%*=~^$<>'-]*|[\d_./-]*[^\W\d_][\w./-]*")
IN_FLOW: Final = frozenset(",[]{}?")  # libyaml ends a plain text at a question mark, too
RANGE: Final = compiled(r"\d+-\d+")
WORDS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
CONTROL: Final = compiled("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
ESCAPED: Final = compiled(rf'["\\]|{CONTROL.pattern}')


@dataclass(frozen=True, slots=True)
class Manner:
    """The habits of a file. Widths are in characters; the mappings are by key, for those that are written somewhere.

    `step` is the indentation of a mapping below its key, `offset` that of a list's dashes, `gap` leads from a dash to its
    item. `quotes` has the sign that texts are quoted with, "" where they are not, `keys` the same for keys; `flows` whether a
    list or mapping stands in brackets; `padding` is what stands behind an opening brace.
    """

    newline: str = "\n"
    step: int = USUAL
    offset: int = USUAL
    gap: int = USUAL
    quote: str = '"'
    padding: str = " "
    keys: str = ""
    quotes: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[str, bool] = field(default_factory=dict)

    def block(self, value: Any, column: int) -> list[str]:
        """The lines of a filled mapping or list in block style, each with its indentation."""
        if isinstance(value, dict):
            return [line for key, held in value.items() for line in self.entry(key, held, column)]
        return [line for item in value for line in self.item(item, column)]

    def entry(self, key: str, value: Any, column: int) -> list[str]:
        """The lines of a key with its value."""
        if isinstance(value, dict | list) and value and not self.flows.get(key, False):
            deeper = column + (self.step if isinstance(value, dict) else self.offset)
            return [f"{' ' * column}{self.key(key)}:", *self.block(value, deeper)]
        return [f"{' ' * column}{self.key(key)}: {self.inline(value, key)}"]

    def item(self, value: Any, column: int) -> list[str]:
        """The lines of an item of a list, with its dash."""
        dash = f"{' ' * column}-{' ' * (self.gap - 1)}"
        if not isinstance(value, dict | list) or not value:
            return [dash + self.inline(value)]
        lines = self.block(value, column + self.gap)
        return [dash + lines[0].lstrip(" "), *lines[1:]]

    def inline(self, value: Any, key: str = "", *, flow: bool = False) -> str:
        """A value on one line; within brackets when `flow`."""
        if isinstance(value, dict):
            pairs = ", ".join(f"{self.key(k)}: {self.inline(v, k, flow=True)}" for k, v in value.items())
            return f"{{{self.padding}{pairs}{self.padding}}}" if pairs else "{}"
        if isinstance(value, list):
            return f"[{', '.join(self.inline(item, key, flow=True) for item in value)}]"
        return self.scalar(value, self.quotes.get(key), flow=flow)

    def key(self, name: str) -> str:
        """A key as it is written."""
        return self.scalar(name, self.keys, flow=True)

    def scalar(self, value: Any, quote: str | None = None, *, flow: bool = False) -> str:
        """A single value. `quote` is the sign that is wanted, "" for none; None for the habit of the file, if any is needed."""
        if value is None or isinstance(value, bool | int | float):
            return "null" if value is None else str(value).lower()
        text = str(value)
        if quote is None and self.keys:  # whoever quotes keys quotes everything
            quote = self.keys
        if not quote and (_plain(text, flow) or (quote == "" and RANGE.fullmatch(text))):
            return text
        sign = quote if quote in ("'", '"') else self.quote
        if sign == "'" and not CONTROL.search(text):
            return "'" + text.replace("'", "''") + "'"
        return '"' + ESCAPED.sub(_escape, text) + '"'


def _plain(text: str, flow: bool) -> bool:
    awkward = text != text.strip() or text.lower() in WORDS or not isinstance(resolve(text), str)
    return not awkward and PLAIN.fullmatch(text) is not None and not (flow and IN_FLOW.intersection(text))


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    return f"\\{sign}" if sign in '"\\' else f"\\u{ord(sign):04x}"


def measured(page: Page) -> Manner:
    """The habits of a page; what it does not show is as usual."""
    widths = {name: _most(counts) for name, counts in _widths(page).items()}
    quotes, flows = _by_key(page)
    every = Counter(sign for counts in quotes.values() for sign in counts.elements() if sign)
    ends = Counter(re.findall(r"\r\n|\n|\r", page.text))
    return Manner(
        newline=_most(ends) or "\n",
        step=widths["step"] or USUAL,
        offset=USUAL if widths["offset"] is None else widths["offset"],
        gap=widths["gap"] or USUAL,
        quote=_most(every) or '"',
        keys=_most(Counter(key.style for spot in _spots(page.root) if spot.kind == "map" for key, _ in spot.pairs)) or "",
        padding=_most(_paddings(page)) if any(spot.flow and spot.kind == "map" for spot in _spots(page.root)) else " ",
        quotes={key: _most(counts) for key, counts in quotes.items()},
        flows={key: _most(counts) for key, counts in flows.items()},
    )


def _most(counts: Counter[Any]) -> Any:
    return counts.most_common(1)[0][0] if counts else None


def _spots(root: Spot) -> Iterator[Spot]:
    pending = [root]
    while pending:
        spot = pending.pop()
        yield spot
        pending += reversed(spot.children)


def _widths(page: Page) -> dict[str, Counter[int]]:
    found: dict[str, Counter[int]] = {"step": Counter(), "offset": Counter(), "gap": Counter()}
    for spot in _spots(page.root):
        if spot.kind == "list" and not spot.flow:
            found["gap"].update(
                page.column(item.head) - page.column(dash)
                for item, dash in zip(spot.children, page.dashes(spot), strict=True)
                if page.line_start(item.head) == page.line_start(dash)
            )
        for key, value in spot.pairs if spot.kind == "map" and not spot.flow else ():
            if value.kind in ("map", "list") and not value.flow and value.children:
                first = page.dashes(value)[0] if value.kind == "list" else value.children[0].head
                found["step" if value.kind == "map" else "offset"][page.column(first) - page.column(key.head)] += 1
    return found


def _by_key(page: Page) -> tuple[dict[str, Counter[str]], dict[str, Counter[bool]]]:
    quotes: dict[str, Counter[str]] = {}
    flows: dict[str, Counter[bool]] = {}
    for spot in _spots(page.root):
        for key, value in spot.pairs if spot.kind == "map" else ():
            if value.kind in ("map", "list"):
                flows.setdefault(key.text, Counter())[value.flow] += 1
            for leaf in (value, *(value.children if value.kind == "list" else ())):
                if leaf.kind == "leaf" and (leaf.style in ("'", '"') or (not leaf.style and _worded(leaf.text))):
                    quotes.setdefault(key.text, Counter())[leaf.style] += 1
    return quotes, flows


def _worded(text: str) -> bool:
    return isinstance(resolve(text), str)


def _paddings(page: Page) -> Counter[str]:
    braces = (spot for spot in _spots(page.root) if spot.flow and spot.kind == "map" and spot.children)
    return Counter(" " if page.text[spot.start + 1] == " " else "" for spot in braces)
