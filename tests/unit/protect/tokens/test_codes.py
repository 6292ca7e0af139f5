"""A code of 28 signs: what a person mistypes is found, never guessed."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.model.errors import SourceError
from anello.protect.tokens import codes

SECRET = bytes.fromhex("00112233445566778899aabbccddeeff")
CODE = codes.written(SECRET)
BARE = CODE.replace("-", "")


def finds(bare):
    with pytest.raises(SourceError):
        codes.read(bare)
    return True


def test_a_code_is_seven_groups_of_four_without_letters_that_look_like_digits():
    assert [len(group) for group in CODE.split("-")] == [4] * 7
    assert not set("ILOU") & set(codes.SIGNS)


@given(st.binary(min_size=16, max_size=16))
def test_every_secret_comes_back(secret):
    assert codes.read(codes.written(secret)) == secret


def test_small_letters_spaces_and_look_alikes_pass():
    typed = CODE.lower().replace("0", "o").replace("1", "l").replace("-", "  ")
    assert codes.read(typed) == SECRET


def test_every_single_wrong_sign_is_found():
    wrong = [
        BARE[:i] + sign + BARE[i + 1 :]
        for i in range(28)
        for sign in codes.SIGNS
        if sign != BARE[i]
    ]
    assert sum(map(finds, wrong)) == 28 * 31


def test_every_swap_of_two_signs_is_found():
    swapped = 0
    for i, j in combinations(range(28), 2):
        if BARE[i] != BARE[j]:
            signs = list(BARE)
            signs[i], signs[j] = signs[j], signs[i]
            swapped += finds("".join(signs))
    assert swapped > 300


@given(
    st.tuples(st.integers(0, 27), st.integers(0, 27)).filter(lambda t: t[0] != t[1]),
    st.tuples(st.integers(1, 31), st.integers(1, 31)),
)
def test_any_two_wrong_signs_are_found(places, shifts):
    signs = list(BARE)
    for place, shift in zip(places, shifts, strict=True):
        signs[place] = codes.SIGNS[(codes.SIGNS.index(signs[place]) + shift) % 32]
    finds("".join(signs))


@given(st.text(max_size=60))
def test_any_other_text_is_refused_in_a_sentence(text):
    bare = "".join(c for c in text.upper() if c in codes.SIGNS)
    if len(bare) < 20:
        finds(text)


def test_ten_thousand_cards_have_ten_thousand_codes():
    assert len({codes.new_secret() for _ in range(10_000)}) == 10_000
