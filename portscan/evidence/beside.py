"""Which service does a passage of prose give a number to?

Names of services are ordinary words more often than not (`docs`, `web`, `dashboard`), so a name counts only where nothing
else comes between it and the number, and not where it is part of a longer one ("Traefik Dashboard").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from portscan.evidence.passages import Passage
from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.registry.model import Registry, Service

URL_PATH = compiled(r"/(?<=[\d}]/)[^\s|)\]>\"'`]+")
ADDRESS = compiled(r"(?<!\w)\w+://[\w.-]*:?|\b\d{1,3}(?:\.\d{1,3}){3}:?|\blocalhost:?")
PARENTHESES = compiled(r"\([^()]*\)|\[[^\[\]]*\]")
LINK = compiled(r"\[([^\[\]]*)\]\([^()]*\)")
EDGES = compiled(r"^[^\w]+|[^\w]+$")
FOLLOWING = compiled(r"[`*_'\")]*[ ](\w+)")
SURNAME = compiled(r"(?<![ _-])[ _-]*\b(?:service|server|container|port|url|host|endpoint)s?$", re.IGNORECASE)
# Words, here and in the language of the first users, that may stand between a name and its number.
SAYING = """
    is are was be itself now at on in to the a an via by under its our own default defaults port ports tcp udp url http https
    listen listens listening run runs running serve serves served use uses using bind binds bound start starts
    expose exposes exposed publish publishes published available reachable accessible works loads responds answers
    em na no a porta portas roda rodando usa escuta disponível acessível en el puerto
"""
GLUE = compiled(rf"(?:[\s:=()\[\],`*_'\"→>|–—-]|(?:{'|'.join(SAYING.split())})(?!\w))*", re.IGNORECASE)
LABEL = compiled(r"[`*_'\"\])]*\s*(?:port|url|porta)?[`*_'\"]*\s*[:=–—(-]+[\s`*_'\"(<\[]*", re.IGNORECASE)
BEHIND = compiled(r"[/`*_'\")\]>]*\s*(?:[(:–—-]+|for|is|=|para)?\s*(?:the\s)?[`*_'\"(\[]*", re.IGNORECASE)
LEADING = compiled(
    r"(?:^|[^\w\s]|\b(?:the|a|an|our|for|of|to|with|from|and|or|in|on|at|by|via|is|if|when|start|run|open|visit|access|o|de|do|da|para))"
    r"[\s`*_'\"(\[]*$",
    re.IGNORECASE,
)
FARTHEST = 60
MOST_KEPT = 1024  # passages, and cells of tables, of which is remembered whom they name
WORDS = compiled(r"[^\W\d_]{2,}")
NO_LETTER = compiled(r"[\W_\d]")
JOINT = compiled(r"(?:\\-|_|\\ )+")  # within a name whose special characters are escaped
JOINED = str.maketrans("", "", "-_ ")
MOST_WORDS = 2  # "5434 (host)", "porta 5434"


@dataclass(frozen=True, slots=True)
class Named:
    """A service that a passage gives a number to.

    `label` says that it does so in so many words: `dashboard: 3101`. It is not `alone` when the row names others as well.
    """

    service: Service
    label: bool
    alone: bool = True


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in a passage. An `exact` one, such as `docs-hub` or `DOCS_HUB_PORT`, is no ordinary word."""

    start: int
    end: int
    service: Service
    exact: bool


@dataclass(frozen=True)
class Speech:
    """Knows the names of the registry's services, and reads passages with them."""

    registry: Registry

    def named(self, passage: Passage, digits: int) -> Named | None:
        """The service that a passage gives its number to, which is `digits` long."""
        if passage.row:
            return self._of_row(passage)
        text, mentions = self._heard(passage.text)
        return _nearest(text, passage.at, digits, mentions) if mentions else None

    def mentioned(self, passage: Passage, digits: int) -> tuple[str, ...]:
        """The services of which a line of code speaks: whose number it says this is, and those called by more than one word."""
        text, mentions = self._heard(passage.text)
        said = self._of_row(passage) if passage.row else _nearest(text, passage.at, digits, mentions)
        exact = (mention.service.name for mention in mentions if mention.exact)
        return (*((said.service.name,) if said else ()), *exact)

    def _of_row(self, passage: Passage) -> Named | None:
        """The service that the row begins with; the number's cell must hold no more than an address."""
        cells = passage.text.split("|")
        own = passage.text.count("|", 0, passage.at)
        if len(WORDS.findall(ADDRESS.sub(" ", _without_paths(cells[own])))) > MOST_WORDS:
            return None
        subject = next((cell for i, cell in enumerate(cells) if i != own and WORDS.search(cell)), "")
        service = self._of_cell(subject)
        if service is None:
            return None
        others = {other.name for cell in cells if (other := self._of_cell(cell)) is not None and other is not service}
        return Named(service, True, not others)

    @cached_property
    def _of_cell(self) -> Callable[[str], Service | None]:
        """The service that a cell names; each cell of a row is asked for every number of it."""
        return lru_cache(MOST_KEPT)(lambda cell: self._service(_bare(cell)))

    @cached_property
    def _heard(self) -> Callable[[str], tuple[str, list[_Mention]]]:
        """A passage without paths, and the names in it; it is asked for every number in it."""
        return lru_cache(MOST_KEPT)(lambda passage: (text := _without_paths(passage), self._mentions(text)))

    def _mentions(self, text: str) -> list[_Mention]:
        found = []
        for match in self._names.finditer(text):
            service = self._service(match.group())
            if service is not None:
                exact = match["variable"] is not None or NO_LETTER.search(match.group()) is not None
                found.append(_Mention(match.start(), match.end(), service, exact))
        return found

    def _service(self, name: str) -> Service | None:
        endpoint = self.registry.by_variable.get(name)
        return self.registry.by_name[endpoint.service] if endpoint else self._by_spelling.get(_spelling(name))

    @cached_property
    def _by_spelling(self) -> Mapping[str, Service | None]:
        """Services by their names in any spelling; None where several have the same."""
        found: dict[str, Service | None] = {}
        for service in self.registry.services:
            for name in {_spelling(n) for n in _names(service)}:
                found[name] = service if found.get(name, service) is service else None
        for service in self.registry.services:
            found[_spelling(service.name)] = service
        return found

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """Every name of a service, the longest first, and every variable."""
        names = {n for service in self.registry.services for n in _names(service)}
        ordered = sorted(sorted(names), key=len, reverse=True)
        parts = _by_beginning([JOINT.sub("[-_ ]?", re.escape(name)) for name in ordered])
        variables = sorted(map(re.escape, self.registry.by_variable), key=len, reverse=True)
        return compiled(
            rf"(?<![\w./@$-])(?:(?i:{'|'.join(parts) or '(?!)'})|(?P<variable>{'|'.join(variables) or '(?!)'}))(?![\w/-]|\.\w)"
        )


def _by_beginning(parts: Sequence[str]) -> Sequence[str]:
    """Patterns for names, those that begin with the same letter together: most words of a text begin with none of the letters."""
    if not all(part[0].isascii() and part[0].isalnum() for part in parts):
        return parts
    found: dict[str, list[str]] = {}
    for part in parts:
        found.setdefault(part[0].lower(), []).append(part)
    return [f"(?={letter})(?:{'|'.join(each)})" for letter, each in found.items()]


def _nearest(text: str, at: int, digits: int, mentions: Sequence[_Mention]) -> Named | None:
    """The service that a sentence gives its number to: the one that is named right in front of it, else right behind it."""
    beside = [m for m in mentions if not m.start <= at < m.end]
    before = next((m for m in reversed(beside) if m.end <= at), None)
    after = next((m for m in beside if m.start >= at + digits), None)
    if before is not None and (label := _leads(before, text, at)) is not None:
        return Named(before.service, label)
    if after is not None and _follows(after, text, at + digits):
        return Named(after.service, False)
    return None


def _names(service: Service) -> tuple[str, ...]:
    """What people call a service: its addresses are known by the hosts of URLs."""
    return tuple(n for n in (service.name, service.compose_service, *service.aliases) if n and "." not in n)


def _spelling(name: str) -> str:
    return name.translate(JOINED).lower()


def _bare(cell: str) -> str:
    """What a cell says without its links, remarks, emphasis and the word "service"."""
    text = PARENTHESES.sub(" ", LINK.sub(r"\1", cell))
    return SURNAME.sub("", EDGES.sub("", text))


def _without_paths(text: str) -> str:
    """The text with the paths of its URLs blanked: what a URL asks for is no word about its port."""
    return URL_PATH.sub(lambda m: " " * len(m.group()), text)


def _leads(mention: _Mention, text: str, at: int) -> bool | None:
    """Whether a name in front of a number labels it; None when the two have nothing to do with each other."""
    gap = PARENTHESES.sub("", ADDRESS.sub("", text[mention.end : at]))
    if len(gap) > FARTHEST or not GLUE.fullmatch(gap) or not _whole(mention, text):
        return None
    return LABEL.fullmatch(gap) is not None


def _follows(mention: _Mention, text: str, end: int) -> bool:
    """Whether a name right behind a number is about it, and not about a number of its own."""
    own = LABEL.match(text, mention.end, mention.end + FARTHEST)
    led = own is not None and text[own.end() : own.end() + 1].isdigit()
    near = mention.start - end <= FARTHEST
    return near and BEHIND.fullmatch(text, end, mention.start) is not None and not led and _whole(mention, text)


def _whole(mention: _Mention, text: str) -> bool:
    """Whether a name is not part of a longer one: "Traefik Dashboard", "web server", "Qdrant gRPC"."""
    following = FOLLOWING.match(text, mention.end)
    if following is not None and following[1] != following[1].lower() and not SURNAME.search(f" {following[1]}"):
        return False
    return mention.exact or LEADING.search(text, max(mention.start - FARTHEST, 0), mention.start) is not None
