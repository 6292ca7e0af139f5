"""A sealed answer opens with the campaign's private key, in its place, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.model.errors import RefusedError
from anello.protect.seal.box import BLOCK, new_pair, public_of, seal, unseal

PRIVATE, PUBLIC = new_pair()


@settings(max_examples=50)
@given(st.binary(max_size=1000), st.text(max_size=20), st.binary(max_size=32), st.integers(0, 99))
def test_every_answer_comes_back(answer, campaign, token, version):
    box = seal(PUBLIC, answer, campaign, token, version)
    assert unseal(PRIVATE, box, campaign, token, version) == answer


def test_who_seals_cannot_open():
    box = seal(PUBLIC, b"4 2 5", "spring")
    with pytest.raises(RefusedError, match="does not open"):
        unseal(PUBLIC, box, "spring")


@pytest.mark.parametrize(
    "place", [("autumn", b"t", 1), ("spring", b"u", 1), ("spring", b"t", 2), ("spring", b"", 1)]
)
def test_a_box_moved_to_another_campaign_token_or_version_does_not_open(place):
    box = seal(PUBLIC, b"4 2 5", "spring", b"t", 1)
    with pytest.raises(RefusedError, match="does not open"):
        unseal(PRIVATE, box, *place)


def test_no_changed_byte_goes_unseen():
    box = seal(PUBLIC, b"4 2 5", "spring")
    for i in range(len(box)):
        changed = bytearray(box)
        changed[i] ^= 1
        with pytest.raises(RefusedError, match="does not open"):
            unseal(PRIVATE, bytes(changed), "spring")


@given(st.binary(max_size=100))
def test_anything_else_is_refused_in_a_sentence(junk):
    with pytest.raises(RefusedError, match="does not open"):
        unseal(PRIVATE, junk, "spring")


def test_equal_answers_make_different_boxes_of_equal_size():
    boxes = {seal(PUBLIC, answer, "spring") for answer in (b"5", b"5", b"1", b"a" * 200)}
    assert len(boxes) == 4
    assert len({len(box) for box in boxes}) == 1
    assert len(seal(PUBLIC, b"a" * BLOCK, "spring")) == len(next(iter(boxes))) + BLOCK


def test_the_public_key_follows_from_the_private_one():
    assert public_of(PRIVATE) == PUBLIC


@pytest.mark.parametrize("key", [bytes(32), b"short"])
def test_nothing_is_sealed_to_what_is_no_key(key):
    with pytest.raises(RefusedError, match="no key of a campaign"):
        seal(key, b"5", "spring")
