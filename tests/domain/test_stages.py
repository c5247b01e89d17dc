import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.stages import COARSE, FIRST, STAGES, MoveRefused, check_move, moves_from

CODES = st.sampled_from(list(STAGES))


@given(st.lists(CODES, max_size=30))
def test_any_sequence_of_attempts_stays_on_the_map(attempts):
    # Given a case that was just received, when anything is tried in any order
    here = FIRST
    for to in attempts:
        possible = moves_from(here)
        try:
            check_move(here, to)
        except MoveRefused as refused:
            # Then a refusal names where it stands, what was tried and what is possible, and nothing moved
            assert (refused.frm, refused.to, refused.possible) == (here, to, possible)
            assert to not in possible
            assert all(move in str(refused) for move in possible)
        else:
            assert to in possible
            here = to
    assert moves_from(here), "no stage is a dead end"


@given(st.text())
def test_what_is_no_stage_is_no_move(to):
    if to not in STAGES:
        with pytest.raises(MoveRefused):
            check_move(FIRST, to)


@given(CODES)
def test_staying_is_no_move(code):
    with pytest.raises(MoveRefused):
        check_move(code, code)


def test_there_are_ten_stages_and_twenty_three_moves_at_least():
    assert len(STAGES) >= 10
    assert sum(len(moves_from(code)) for code in STAGES) >= 23


def test_the_coarse_state_tells_closed_and_waiting_stages_apart():
    coarse = {code: [stage.code for stage in STAGES.values() if stage.coarse == code] for code in COARSE}
    assert {"DIGABUNG", "SELESAI"} <= set(coarse["closed"])
    assert "BUTUH_KLARIFIKASI" in coarse["waiting"]


def test_an_answer_can_return_a_case_to_every_stage_that_may_ask():
    asking = {code for code in STAGES if "BUTUH_KLARIFIKASI" in moves_from(code)}
    assert asking >= {"TELAAH", "PEMERIKSAAN"}
    assert asking <= set(moves_from("BUTUH_KLARIFIKASI"))


def test_from_every_stage_a_case_can_be_closed_in_the_end():
    for code in STAGES:
        seen, ahead = {code}, [code]
        while ahead:
            fresh = set(moves_from(ahead.pop())) - seen
            seen |= fresh
            ahead += fresh
        assert "SELESAI" in seen


def test_a_closed_case_is_only_ever_opened_again():
    assert moves_from("SELESAI") == ("DIBUKA_KEMBALI",)
