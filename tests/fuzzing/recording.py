"""Writes down every regular expression that is compiled while rules are compiled and examples read; a process of its own."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import re
import sys
from typing import Any

from tests.fuzzing.expressions import KEEPER


def recorded() -> set[tuple[str | bytes, int, str]]:
    """Write down whatever portscan compiles while its modules are loaded, its rules compiled and their examples read."""
    seen: set[tuple[str | bytes, int, str]] = set()
    compiling: Any = vars(re)["_compile"]

    def compile_(pattern: Any, flags: int) -> Any:
        frame = sys._getframe(2)
        while frame.f_back and frame.f_globals.get("__name__") == KEEPER:
            frame = frame.f_back
        module = str(frame.f_globals.get("__name__"))
        if module.startswith("portscan") and isinstance(pattern, (str, bytes)):
            seen.add((pattern, int(flags), f"{module}:{frame.f_lineno}"))
        return compiling(pattern, flags)

    vars(re)["_compile"] = compile_
    import portscan
    from portscan.expressions import EXPRESSIONS, Expressions

    vars_of: Any = Expressions
    vars_of._restored = lambda _expressions, _key: None  # what an earlier run has compiled is compiled again
    EXPRESSIONS.usual = False  # by `re`, where it is seen

    for found in pkgutil.walk_packages(portscan.__path__, "portscan."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    _exercised()
    return seen


def _exercised() -> None:
    import os

    from portscan.cli import main
    from portscan.detect.text_rules import text_rules
    from portscan.fixing.assigned import filled
    from portscan.knowledge import parts_of, shipped
    from portscan.life.adopting import listeners
    from portscan.source import Source
    from tests.fuzzing.corpus import TOP, examples, files
    from tests.fuzzing.invariants import configuration_holds, scanned, source_of, sparing, thorough
    from tests.fuzzing.samples import CONFIGURATIONS

    for rule in text_rules(shipped().rules, parts_of(shipped().rules)):
        for name in ("pattern", "_where", "_unless", "needed"):
            getattr(rule, name)
    for language in shipped().languages.values():
        said = language.get("environment", {})
        patterns = () if isinstance(said, str) else (*said.get("given", ()), *said.get("loads", ()), said.get("splits", ""))
        for pattern in patterns:
            filled(pattern, "API_PORT")
    listeners.rules()
    for seed in examples():
        source = source_of(seed.path, seed.data)
        if isinstance(source, Source):
            thorough().read(source)
            sparing().read(source)
            scanned(source)
    for seed in files(TOP / "tests" / "fixtures" / "fix" / "shell"):
        source = source_of(seed.path, seed.data)
        if isinstance(source, Source):
            scanned(source, fixes=True)
    os.chdir(TOP / "examples" / "tradingsystem")
    for text in CONFIGURATIONS:
        configuration_holds("", text.encode())
    main(["scan", "--no-cache", "--jobs", "1", "--output", os.devnull])


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(recorded()))
