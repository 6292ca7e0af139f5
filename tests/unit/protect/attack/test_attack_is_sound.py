"""What the attacker calls certain is true, whoever answered what."""

from hypothesis import given, settings
from hypothesis import strategies as st

from anello.model.disclosure import band
from anello.protect.attack import Figure, Kind, Post, Scale, Staff, attack, exactly

ONE_TO_FIVE = Scale(1, 5)
KEEN = st.lists(st.sampled_from([1, 2, 3, 4, 4, 5, 5, 5]), min_size=0, max_size=8)


def figure(release, label, answers, scale=ONE_TO_FIVE):
    mean = float(f"{sum(answers) / len(answers):.12g}")
    units = frozenset(label.split(" + ")) if label else frozenset()
    where = ("pay", "2026", label, units)
    return Figure(release, *where, band(len(answers)), *exactly(mean), scale)


def released(release, teams, cuts):
    """Return figures of neighbouring teams between the cuts, those of five or more."""
    names, found, at = sorted(teams), [], 0
    for end in [*sorted(cuts), len(names)]:
        group = names[at:end]
        answers = [a for n in group for a in teams[n]]
        if len(answers) >= 5:
            found.append(figure(release, " + ".join(group), answers))
        at = end
    return found


cuts = st.sets(st.integers(1, 4), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(KEEN, min_size=5, max_size=5), cuts, cuts, st.booleans())
def test_what_is_certain_of_teams_is_true(lists, one, other, whole):
    teams = dict(zip("abcde", lists, strict=True))
    figures = released("one", teams, one) + released("other", teams, other)
    shown = {u for f in figures if f.release == "one" for u in f.units}
    everybody = [a for answers in lists for a in answers]
    if whole and len(everybody) >= 5:
        figures.append(figure("one", "", everybody))
    for f in attack(figures).findings:
        place = set(f.place) or set(teams) - shown
        truth = sorted(a for unit in place for a in teams[unit])
        assert f.kind not in (Kind.CHANGED, Kind.TWICE)
        if f.certain:
            assert f.people[0] <= len(truth) <= f.people[1]
            assert all(f.least - 1e-9 <= a <= f.most + 1e-9 for a in truth)
            assert not f.answers or list(f.answers) == truth


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=6, max_size=19), st.integers(1, 5))
def test_whoever_leaves_alone_is_among_the_cases(answers, leaver):
    findings = attack(
        [figure("before", "a", [*answers, leaver]), figure("after", "a", answers)]
    ).findings
    told = [f for f in findings if f.kind is Kind.CHANGED]
    same_mean = abs(sum(answers) / len(answers) - leaver) < 1e-9
    assert told or same_mean
    for f in told:
        assert f.least <= leaver <= f.most
        cases = [c for c in f.cases if c.n == (len(answers) + 1, len(answers))]
        assert f.certain or [c.least for c in cases] == [leaver]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 5), st.booleans()),
                min_size=12, max_size=24))  # fmt: skip
def test_what_is_certain_of_persons_is_true_when_some_kept_silent(people):
    figures, posts = [], []
    for i, (team, shift, _, _) in enumerate(people):
        posts.append(Post(str(i), "2026", (f"t{team}", f"s{shift}")))
    for release, at in (("teams", 0), ("shifts", 1)):
        for value in range(3):
            answers = [p[2] for p in people if p[at] == value and p[3]]
            if len(answers) >= 5:
                figures.append(figure(release, f"{release[0]}{value}", answers))
    for f in attack(figures, Staff(tuple(posts))).findings:
        answered = [people[int(p)] for p in f.who if people[int(p)][3]]
        if f.certain:
            assert f.people[0] <= len(answered) <= f.people[1]
            assert all(f.least - 1e-9 <= p[2] <= f.most + 1e-9 for p in answered)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 5), min_size=2, max_size=3), min_size=5, max_size=12))
def test_what_is_certain_of_scores_of_several_items_is_true(items):
    scores = [sum(i) / len(i) for i in items]
    for f in attack([figure("r", "a", scores, Scale(1, 5, 1 / 6))]).findings:
        assert f.people[0] <= len(scores) <= f.people[1]
        assert all(f.least - 1e-6 <= s <= f.most + 1e-6 for s in scores)
