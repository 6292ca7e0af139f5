"""Comments leave masked, shuffled, undated and never of a few; the author sees them first."""

import pytest

from anello.model.disclosure import Disclosure
from anello.model.errors import RefusedError
from anello.protect.text_guard import mask
from anello.protect.text_preview import leaving, preview

COMMENTS = [f"Comment of somebody, number {word}" for word in "abcdefghijklmnopqrst"]


def test_the_author_sees_what_others_would_see():
    text = "Chiedete a Maria Rossi, maria@acme.it, 333 123 4567"
    shown = preview(text, "it")
    assert shown.text == mask(text, "it")
    assert dict(shown.masked) == {"nome": 1, "e-mail": 1, "numero": 1}


def test_nothing_masked_is_told_as_nothing():
    assert preview("The queue is too long.").masked == ()


def test_nine_people_are_not_read_and_ten_are():
    with pytest.raises(RefusedError, match="Fewer than 10"):
        leaving(COMMENTS[:9], Disclosure())
    assert len(leaving(COMMENTS[:10], Disclosure())) == 10


def test_empty_comments_lift_nobody_over_the_floor():
    with pytest.raises(RefusedError):
        leaving([*COMMENTS[:9], " ", ""], Disclosure())


def test_a_higher_k_lifts_the_floor():
    with pytest.raises(RefusedError, match="Fewer than 15"):
        leaving(COMMENTS[:14], Disclosure(k=15))


def test_the_order_of_arrival_is_lost():
    orders = {leaving(COMMENTS, Disclosure()) for _ in range(5)}
    assert len(orders) == 5
    assert {frozenset(o) for o in orders} == {frozenset(COMMENTS)}


def test_dates_and_names_in_the_text_do_not_leave():
    texts = [*COMMENTS, "On 12/03/2026 Maria cried"]
    assert "On [date] [name] cried" in leaving(texts, Disclosure())
