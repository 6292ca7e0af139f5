"""Corrections override, become labels, and never take over without being better."""

import numpy as np
import pytest

from anello.model.errors import MissingExtraError, SourceError
from anello.score.text import encoder as encoders
from anello.score.text.accuracy import agreement, auc, class_of, wilson
from anello.score.text.classifiers import Features, cross_validated, logistic, naive_bayes
from anello.score.text.coding import code
from anello.score.text.corrections import Correction, digest, read
from anello.score.text.topics import listed

KEYS = [t.key for t in listed()]


def corrections(tmp_path, text):
    path = tmp_path / "corrections.csv"
    path.write_text(text, "utf-8")
    return read(path, KEYS)


def coded(texts, right=None, **more):
    return code(texts, [None] * len(texts), listed(), right or {}, **more)


def test_a_corrected_comment_is_what_the_person_said(tmp_path):
    right = corrections(tmp_path, "comment,topic,sentiment\nThe desk was closed.,waiting,-1\n")
    (one,) = coded(["The desk was closed!"], right).codes
    assert one.topics == ("waiting",)
    assert one.sentiment == -1.0


def test_a_comment_may_be_named_by_its_digest_so_that_the_file_holds_no_words(tmp_path):
    name = digest("The desk was closed.")
    right = corrections(tmp_path, f"comment;sentiment\n{name};negativo\n")
    assert coded(["the desk was closed"], right).codes[0].sentiment == -1.0


def test_none_takes_every_topic_away_and_a_later_row_wins(tmp_path):
    right = corrections(
        tmp_path, "comment,topic\nLong queue,waiting;price\nLong queue,none\nCheap,price|waiting\n"
    )
    assert right[digest("Long queue")].topics == ()
    assert right[digest("Cheap")].topics == ("waiting", "price")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "needs a column `comment`"),
        ("comment,topic\nx,quueue\n", "row 2: there is no topic 'quueue'"),
        ("comment,sentiment\nx,7\n", "row 2: '7' is not a sentiment"),
        ("comment,sentiment\n,1\n", "row 2: there is no comment"),
        ("", "needs a column `comment`"),
    ],
)
def test_a_wrong_file_of_corrections_is_told_in_one_sentence(tmp_path, text, says):
    with pytest.raises(SourceError) as error:
        corrections(tmp_path, text)
    assert says in str(error.value)
    assert error.value.text("it") != str(error.value)


def test_without_labels_nothing_is_said_to_be_accurate():
    assert coded(["Kind staff"]).learned is None


def test_with_few_labels_only_the_word_lists_are_measured():
    texts = [f"Kind number {i}" for i in range(20)]
    found = coded(texts, {digest(t): Correction(sentiment=1.0) for t in texts}).learned
    assert found.trained is False
    assert {row["how"] for row in found.accuracy} == {"words"}


def test_own_words_are_learned_from_labels_where_the_lists_know_nothing():
    """`blorp` praises and `fnord` blames here; 40 labels teach it, the lists say 0 to all."""
    texts = [f"the {'blorp' if i % 2 else 'fnord'} of row {i}" for i in range(50)]
    right = {
        digest(t): Correction(sentiment=1.0 if i % 2 else -1.0) for i, t in enumerate(texts[:40])
    }
    found = coded(texts, right)
    assert found.learned.used
    rows = {row["how"]: row for row in found.learned.accuracy if row["language"] == ""}
    assert rows["words"]["accuracy"] == 0.0
    assert rows["learned"]["accuracy"] == 1.0
    assert rows["learned"]["n"] == 40
    assert all((c.sentiment > 0) == bool(i % 2) for i, c in enumerate(found.codes))


def test_a_classifier_that_is_no_better_does_not_take_over():
    texts = [f"{'kind' if i % 2 else 'rude'} remark {i}" for i in range(60)]
    right = {digest(t): Correction(sentiment=1.0 if i % 2 else -1.0) for i, t in enumerate(texts)}
    found = coded([*texts, "a kind one"], right)
    assert found.learned.trained
    assert not found.learned.used
    assert found.codes[-1].sentiment == pytest.approx(2 / 3)


def test_languages_compare_after_their_own_mean_is_taken_away():
    texts = [f"kind person {i} was here with the others" for i in range(10)]
    texts += [f"la persona {i} era scortese con gli altri" for i in range(10)]
    found = coded(texts)
    assert {c.language for c in found.codes} == {"en", "it"}
    assert found.means["en"] > 0 > found.means["it"]
    assert all(abs(c.centred) < 1 / 4096 for c in found.codes)


def test_a_language_met_too_rarely_is_measured_against_all():
    texts = [f"kind person {i} was here with the others" for i in range(12)] + [
        "la persona è scortese"
    ]
    found = coded(texts)
    assert set(found.means) == {"", "en"}
    assert found.codes[-1].centred == pytest.approx(
        found.codes[-1].sentiment - found.means[""], abs=2e-4
    )


def test_the_share_right_carries_the_interval_of_wilson():
    """Newcombe 1998, Stat Med 17, 857: 81 of 263 gives 0.2553 to 0.3662."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_agreement_is_counted_by_hand():
    truth, said = [2, 2, 0, 0, 1], [2, 0, 0, 0, 1]
    row = agreement(truth, said, [0.9, -0.2, -0.5, -0.8, 0.0])
    assert row["accuracy"] == 0.8
    assert row["commonest"] == 0.4
    assert row["f1"] == pytest.approx((0.8 + 1.0 + 2 / 3) / 3)
    assert row["auc"] == 1.0
    assert auc([2, 2], [0.1, 0.2]) is None
    assert [class_of(v) for v in (-0.2, 0.1, 0.2)] == [0, 1, 2]


def test_naive_bayes_gives_the_shares_of_the_textbook():
    """Manning, Raghavan & Schütze 2008, example 13.1: P(China | d5) is about 0.0003 to 0.0001."""
    documents = [
        ("chinese", "beijing", "chinese"),
        ("chinese", "chinese", "shanghai"),
        ("chinese", "macao"),
        ("tokyo", "japan", "chinese"),
    ]
    learned = naive_bayes(Features(tuple(documents)), np.array([1, 1, 1, 0]), 2)
    (shares,) = learned.shares(Features((("chinese", "chinese", "chinese", "tokyo", "japan"),)))
    china = 3 / 4 * (3 / 7) ** 3 * (1 / 14) ** 2
    other = 1 / 4 * (2 / 9) ** 3 * (2 / 9) ** 2
    assert shares[1] == pytest.approx(china / (china + other))


def test_ridge_logistic_regression_stands_where_its_gradient_is_zero():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(80, 5))
    y = (x[:, 0] + rng.normal(size=80) > 0).astype(int)
    found = logistic(x, y, 2, C=2.0)
    off = found.of(x) - np.eye(2)[y]
    assert np.abs(2.0 * off.T @ (x - found.centre) + found.slopes).max() < 1e-2
    assert np.abs(off.sum(axis=0)).max() < 1e-2


def test_equal_comments_share_a_fold():
    """With one comment repeated, the fold that holds it cannot learn from itself."""
    bags = Features(tuple([("same",)] * 20 + [("other", str(i)) for i in range(20)]))
    digests = ["00000000"] * 20 + [digest(str(i)) for i in range(20)]
    shares = cross_validated(bags, np.array([1] * 20 + [0] * 20), 2, digests)
    assert np.isnan(shares[:20]).all()


def test_vectors_without_the_extra_say_what_to_install(monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError) as error:
        encoders.encoder()
    assert "anello[text]" in str(error.value)


class Told:
    """An encoder whose first number is what a comment really means."""

    dim = 4

    def encode(self, texts):
        praised = [1.0 if ("+" in t or "great" in t.lower()) else -1.0 for t in texts]
        return np.array([[p, 0.1, 0.0, 0.0] for p in praised])


def test_any_encoder_with_dim_and_encode_can_stand_behind_vectors():
    found = coded(["plain + words", "plain words"] * 3, encoder=Told())
    assert found.vectors.shape == (6, 4)
    assert found.codes[0].sentiment > found.codes[1].sentiment


@pytest.mark.skipif(not encoders.installed(), reason="the [text] extra is not installed")
def test_the_bundled_vectors_tell_praise_from_complaint_in_both_languages():
    texts = ["It could not have gone better for us.", "Sembrava di essere a casa propria.",
             "I regret every minute of it.", "Me ne sono andato senza nulla in mano."]  # fmt: skip
    found = coded(texts, encoder=encoders.encoder())
    assert min(found.rules[:2]) > max(found.rules[2:])
