"""The scaling curve as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import Result


def draw(curve: Mapping[int, Mapping[str, Result]], path: Path) -> None:
    """Seconds over files, both logarithmic, a line for each contender, as an SVG without a date in it."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "portscan"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for name in next(iter(curve.values())):
        axes.plot(list(curve), [found[name].seconds for found in curve.values()], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="files", ylabel="seconds")
    axes.grid(alpha=0.3, which="both")
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
