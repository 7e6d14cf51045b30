"""What a baseline counts when lines become others."""

from __future__ import annotations

import pytest

from portscan.fingerprints import Identity
from portscan.life.baselined import moved


def of(text: str, about: str = "api") -> Identity:
    return Identity("run.sh", "PS001", about, text)


OLD, NEW, OTHER = of("curl :4010"), of("curl :4020"), of("curl :4010 # left")


@pytest.mark.parametrize(
    ("counts", "lines", "before", "after", "then"),
    [
        ({OLD: 2}, {OLD.text: [NEW.text] * 2}, {OLD: 2}, {NEW: 2}, {NEW: 2}),
        ({OLD: 2}, {OLD.text: [NEW.text] * 2}, {OLD: 2}, {NEW: 1}, {NEW: 1}),  # one of them is in order now
        ({OLD: 1}, {OLD.text: [NEW.text] * 2}, {OLD: 2}, {NEW: 2}, {NEW: 1}),  # the other one was reported before
        ({OLD: 2}, {OLD.text: [NEW.text, OLD.text]}, {OLD: 2}, {NEW: 1, OLD: 1}, {NEW: 1, OLD: 1}),
        ({OLD: 1, NEW: 1}, {OLD.text: [NEW.text], NEW.text: [NEW.text]}, {OLD: 1, NEW: 1}, {NEW: 2}, {NEW: 2}),
        ({OLD: 1, NEW: 1}, {OLD.text: [NEW.text], NEW.text: [NEW.text]}, {OLD: 1, NEW: 1}, {NEW: 1}, {NEW: 1}),
        ({OTHER: 1}, {}, {OTHER: 1}, {}, {}),  # its number is the old one, which is another finding
        ({OLD: 3}, {OLD.text: [NEW.text]}, {}, {}, {NEW: 3}),  # no finding at a literal: it goes where its line goes
        ({OLD: 3}, {OLD.text: [NEW.text, OLD.text]}, {}, {}, {NEW: 1, OLD: 1}),
        ({OLD: 1}, {}, {}, {}, {OLD: 1}),  # nothing is known of it, and nothing is done to it
    ],
)
def test_entries_follow_their_lines(
    counts: dict[Identity, int],
    lines: dict[str, list[str]],
    before: dict[Identity, int],
    after: dict[Identity, int],
    then: dict[Identity, int],
) -> None:
    assert moved(counts, {"run.sh": lines}, before, after, {}) == then


def test_a_service_with_another_name_is_known_by_it() -> None:
    then = moved({OLD: 1, of("x", "4010"): 1}, {}, {OLD: 1}, {of(OLD.text, "core"): 1}, {"api": "core"})
    assert then == {of(OLD.text, "core"): 1, of("x", "4010"): 1}
