"""Counts of comments pass the gate as bands, and not at all below the floor."""

import sys
from dataclasses import replace
from pathlib import Path

from anello.model.topics import TopicCount, fewest
from anello.model.words import Words
from anello.protect.release import release

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
from report_specimen import shops

LABEL = Words("Waiting", "Attese")


def count(n, comments=40, unit=""):
    return TopicCount("mood", "employee", unit, "waiting", LABEL, n, comments, -0.123)


def released(*counts):
    return release(replace(shops().value, topics=counts)).value.topics


def test_a_count_leaves_as_the_low_end_of_its_band():
    (one,) = released(count(17))
    assert (one.n, one.comments, one.sentiment) == (10, 40, -0.1)


def test_a_topic_of_nine_people_does_not_leave():
    assert released(count(9), count(9, unit="a")) == ()


def test_a_higher_floor_of_the_promise_is_kept():
    findings = shops().value
    rule = replace(findings.chain.disclosure, comments=30)
    found = replace(findings, chain=replace(findings.chain, disclosure=rule), topics=(count(17),))
    assert release(found).value.topics == ()
    assert fewest("sentiment", rule) == 30


def test_no_floor_of_comments_is_lower_than_k():
    rule = replace(shops().value.chain.disclosure, k=12, comments=10)
    assert fewest("topic_share", rule) == 12
