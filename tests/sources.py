"""What needs portscan's sources beside it: `make release-check` runs the tests against a wheel, and takes them away."""

from __future__ import annotations

from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
NEEDS_SOURCES = pytest.mark.skipif(
    not (TOP / "portscan").is_dir(), reason="looks at the sources, and what is tested is an installed wheel"
)
