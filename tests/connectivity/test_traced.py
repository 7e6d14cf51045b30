"""Parts of traced values: the short way for one piece says what the long one does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portscan.connectivity.traced import Piece, Spot, Traced, parts_of

PIECES = st.builds(Piece, st.text("ab$", min_size=1, max_size=5), st.sampled_from(("", "a.yml")), st.none() | st.integers(0, 50))
VALUES = st.builds(
    Traced, st.lists(PIECES, max_size=3).map(tuple), st.none() | st.builds(Spot, st.just("a.yml"), st.just(0), st.just(9))
)
PLACES = st.integers(0, 12)


@given(VALUES, PLACES, PLACES)
def test_a_part_is_cut_out_of_one_piece_as_out_of_many(value: Traced, start: int, end: int) -> None:
    whole = Traced(tuple(value._cut(start, end)), value.spot)
    assert value.part(start, end) == whole
    assert whole.text == value.text[start:end]
    if start <= end <= len(value.text):
        assert parts_of(value)(start, end).pieces == whole.pieces
