"""Corrected topics teach what similar comments speak of, in their own language and no further."""

import pytest

from anello.score.text.coding import code
from anello.score.text.corrections import Correction, digest
from anello.score.text.topic_learning import LISTED, Examples, marks_of, teller
from anello.score.text.topics import listed

PLACES = [
    "door",
    "mirror",
    "desk",
    "garden",
    "terrace",
    "cellar",
    "window",
    "corner",
    "shelf",
    "fridge",
    "hall",
    "kitchen",
]
PLACES += ["lobby", "bakery", "fountain", "balcony"]
POSTI = [
    "porta",
    "ingresso",
    "banco",
    "giardino",
    "terrazza",
    "cantina",
    "finestra",
    "angolo",
    "scala",
    "ascensore",
]
POSTI += ["sala", "cucina", "atrio", "forno", "fontana", "balcone"]
KIOSK = [f"The kiosk by the {p} froze while I was paying" for p in PLACES]
OTHER = [f"The music by the {p} was lovely to hear" for p in PLACES]
TOTEM = [f"Il totem della {p} si blocca sempre mentre pago" for p in POSTI]
ALTRO = [f"La musica della {p} era bella da sentire" for p in POSTI]


def coded(texts, corrected):
    """Code texts; `corrected` says which topics people gave to which comment."""
    right = {digest(t): Correction(topics=topics) for t, topics in corrected.items()}
    return code(texts, [None] * len(texts), listed(), right)


def topics(found):
    return [c.topics for c in found.codes]


def labelled(texts, *given):
    return dict.fromkeys(texts, given)


def test_the_lists_do_not_know_the_kiosk():
    assert {t for said in topics(coded(KIOSK, {})) for t in said} == set()


def test_a_corrected_topic_changes_what_similar_comments_are_coded_to():
    taught = labelled(KIOSK[:12], "tools") | labelled(OTHER[:12])
    new = ["The kiosk froze again", "A kiosk that froze, twice", "The music was lovely"]
    found = coded([*KIOSK, *OTHER, *new], taught)
    assert topics(found)[12:16] == [("tools",)] * 4
    assert topics(found)[-3:] == [("tools",), ("tools",), ()]


def test_what_english_corrections_teach_changes_no_italian_comment():
    taught = labelled(KIOSK[:12], "tools") | labelled(OTHER[:12])
    found = coded([*KIOSK, *OTHER, "Il kiosk si è bloccato di nuovo, sempre così"], taught)
    assert found.codes[-1].language == "it"
    assert found.codes[-1].topics == ()


def test_italian_corrections_teach_italian_comments():
    taught = labelled(TOTEM[:12], "tools") | labelled(ALTRO[:12])
    found = coded([*TOTEM, *ALTRO, "Anche oggi il totem si blocca", "La musica era bella"], taught)
    assert topics(found)[-2:] == [("tools",), ()]
    assert {row.language for row in found.topics.accuracy} == {"it"}


def test_a_word_that_misleads_the_lists_is_unlearned():
    """`line` is a queue to the lists, but here it is the summer line of coats."""
    coats = [f"The summer line of coats by the {p} is a joy" for p in PLACES]
    queue = [f"The queue by the {p} never moves at all" for p in PLACES]
    assert topics(coded(coats[:1], {})) == [("waiting",)]
    taught = labelled(coats[:12], "product") | labelled(queue[:12], "waiting")
    found = coded([*coats, *queue, "A line of people at the till, we waited"], taught)
    assert topics(found)[12:16] == [("product",)] * 4
    assert topics(found)[28:32] == [("waiting",)] * 4
    assert "waiting" in found.codes[-1].topics


def test_nineteen_corrections_teach_nothing_but_are_measured():
    taught = labelled(KIOSK[:10], "tools") | labelled(OTHER[:9])
    found = coded([*KIOSK, *OTHER], taught)
    assert topics(found)[10:16] == [()] * 6
    (row,) = found.topics.accuracy
    assert (row.topic, row.how, row.n, row.labelled) == ("tools", "words", 19, 10)
    assert row.share == pytest.approx(9 / 19)


def test_four_examples_of_a_topic_are_too_few():
    taught = labelled(KIOSK[:4], "tools") | labelled([*OTHER, *KIOSK[12:]])
    assert topics(coded([*KIOSK, *OTHER], taught))[4:12] == [()] * 8


def test_labels_that_follow_no_word_change_nothing():
    texts = [f"remark {p} about nothing much, as it was" for p in PLACES]
    texts += [f"note {p} about nothing much, as it was" for p in PLACES]
    taught = labelled(texts[::2], "tools") | labelled(texts[1::2])
    new = "another remark about nothing much, as it was"
    assert coded([*texts, new], taught).codes[-1].topics == ()


def test_a_comment_without_a_telling_word_stays_as_the_lists_say():
    taught = labelled(KIOSK, "tools") | labelled(OTHER[:8])
    new = ["The queue at the till was endless", "Nobody greeted us"]
    before, after = coded(new, {}), coded([*KIOSK, *OTHER, *new], taught)
    assert topics(after)[-2:] == topics(before)


def test_what_a_person_corrected_stays_as_they_said():
    taught = labelled(KIOSK[:12], "tools") | labelled(OTHER[:12]) | {KIOSK[14]: ("price",)}
    assert topics(coded([*KIOSK, *OTHER], taught))[14] == ("price",)


def test_the_learned_share_is_cross_validated_and_said_beside_the_lists():
    taught = labelled(KIOSK, "tools") | labelled(OTHER)
    rows = {row.how: row for row in coded([*KIOSK, *OTHER], taught).topics.accuracy}
    assert rows["words"].share == 0.5
    assert rows["learned"].share == 1.0
    assert rows["learned"].used


def test_the_order_of_comments_changes_nothing():
    texts, taught = [*KIOSK, *OTHER], labelled(KIOSK[:12], "tools") | labelled(OTHER[:12])
    there, back = topics(coded(texts, taught)), topics(coded(texts[::-1], taught))
    assert there == back[::-1]


def test_a_word_tells_by_the_ratio_of_its_shares():
    """6 with and 6 without; `till` in 5 and 0: log((5.5 / 7) / (0.5 / 7)) = log 11."""
    marks = tuple(marks_of(t) for t in ["till"] * 5 + ["bread"] * 7)
    nowhere = (frozenset(),) * 12
    found = teller(Examples(marks, nowhere, (True,) * 6 + (False,) * 6, ("0",) * 12))
    assert found.weight["till"] == pytest.approx(2.39789527)
    assert found.weight[LISTED[False]] == pytest.approx(0.0)
    assert found.yes == {"till"}
    assert found.no == {"bread"}
