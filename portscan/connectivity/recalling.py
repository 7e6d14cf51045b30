"""Projects are loaded once: where none of the files that one rests on has changed since, it is what it was."""

from __future__ import annotations

from portscan.connectivity.bounds import GROWTH, INCLUDED, RANGES, Budget
from portscan.connectivity.loading import Files, load
from portscan.connectivity.model import Project
from portscan.connectivity.packing import packed, unpacked
from portscan.connectivity.telling import Telling
from portscan.connectivity.world import World

SPENT = (GROWTH, INCLUDED, RANGES)


def project_of(world: World, telling: Telling, group: Files) -> Project:
    """The project that the files make, as it is known or else as it is loaded.

    What it takes of the budget is known as well: where that is not left, or any file was read in part, it is loaded.
    """
    memory = world.works
    if memory is None or world.instead:
        return load(world, group, telling=telling)
    question = repr((group, world.called))
    known = memory.recall(question)
    if known is not None and _afforded(world.budget, known[0]):
        return unpacked(known[1])
    before, looked = _spent(world.budget), set[str]()
    project = load(world.watched(looked.add), group, telling=telling)
    if not world.budget.passed and memory.lasts(looked):
        taken = tuple(now - then for now, then in zip(_spent(world.budget), before, strict=True))
        memory.add(question, looked, (taken, packed(project)))
    return project


def _spent(budget: Budget) -> tuple[int, ...]:
    return tuple(budget.spent[bound] for bound in SPENT)


def _afforded(budget: Budget, amounts: tuple[int, ...]) -> bool:
    """Whether so much is left, which is taken then."""
    if any(amount > budget.left(bound) for bound, amount in zip(SPENT, amounts, strict=True)):
        return False
    budget.spent.update(dict(zip(SPENT, amounts, strict=True)))
    return True
