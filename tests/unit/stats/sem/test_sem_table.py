"""What a text leaves unsaid is filled in by the rules of its kind, as lavaan's users expect."""

import pytest

from anello.model.errors import FormulaError, ModelError
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table


def shape(text: str, **wish):
    return table(parse(text), Wish(**wish))


def free(found, level: int = 1, group: int = 1) -> set[str]:
    return {r.name for r in found.of(group, level) if r.free}


def fixed(found, level: int = 1, group: int = 1) -> dict[str, float]:
    rows = found.of(group, level)
    return {r.name: r.value for r in rows if not r.free and not r.given}


def given(found, level: int = 1) -> set[str]:
    return {r.name for r in found.of(1, level) if r.given}


def test_the_first_loading_gives_the_scale_and_residuals_vary():
    found = shape("f =~ x1 + x2 + x3")
    assert fixed(found) == {"f =~ x1": 1.0}
    assert free(found) == {"f =~ x2", "f =~ x3", "x1 ~~ x1", "x2 ~~ x2", "x3 ~~ x3", "f ~~ f"}


def test_exogenous_latents_and_last_outcomes_go_together():
    found = shape("f =~ a1 + a2\n g =~ b1 + b2\n y ~ f\n z ~ g")
    assert {"f ~~ g", "y ~~ z"} <= free(found)


def test_an_outcome_that_explains_another_keeps_its_residual_apart():
    found = shape("y ~ m + x\n m ~ x")
    assert "y ~~ m" not in free(found)
    assert "m ~~ y" not in free(found)


def test_given_variables_stay_as_the_data_have_them_unless_they_are_random():
    assert given(shape("y ~ x + z")) == {"x ~~ x", "x ~~ z", "z ~~ z"}
    assert given(shape("y ~ x + z", random_x=True)) == set()
    assert "x ~~ z" in free(shape("y ~ x + z", random_x=True))


def test_a_given_variable_with_a_variance_of_its_own_in_the_text_is_free():
    found = shape("y ~ x\n x ~~ x")
    assert given(found) == set()
    assert "x ~~ x" in free(found)


def test_na_frees_the_first_loading_and_a_start_there_fixes_it():
    assert "f =~ x1" in free(shape("f =~ NA*x1 + x2 + x3\n f ~~ 1*f"))
    assert fixed(shape("f =~ start(.3)*x1 + x2 + x3"))["f =~ x1"] == 0.3


def test_a_single_indicator_has_no_error_unless_it_is_given_one():
    assert fixed(shape("f =~ x1\n y ~ f"))["x1 ~~ x1"] == 0.0
    assert fixed(shape("f =~ x1\n y ~ f\n x1 ~~ 0.2*x1"))["x1 ~~ x1"] == 0.2


def test_one_label_is_one_parameter():
    found = shape("f =~ x1 + a*x2 + a*x3 + equal('f=~x2')*x4")
    assert len({r.index for r in found.rows if r.label == "a"}) == 1
    assert len(found.free) == 6


def test_growth_moves_the_means_to_the_latents():
    found = shape("i =~ 1*t1 + 1*t2 + 1*t3\n s =~ 0*t1 + 1*t2 + 2*t3", kind="growth")
    assert {"i ~1", "s ~1", "i ~~ s"} <= free(found)
    assert fixed(found)["t1 ~1"] == 0.0


def test_lavaan_adds_nothing_but_what_is_given():
    found = shape("y ~ x\n y ~~ y", kind="lavaan")
    assert free(found) == {"y ~ x", "y ~~ y"}
    assert given(found) == {"x ~~ x"}


def test_with_groups_equal_loadings_are_shared_and_a_mean_is_freed_for_equal_intercepts():
    found = shape("f =~ x1 + x2 + x3", groups=2, equal=("loadings", "intercepts"))
    shared = [r.index for r in found.rows if r.name == "f =~ x2"]
    assert shared[0] == shared[1]
    assert "f ~1" not in free(found)
    assert "f ~1" in free(found, group=2)
    assert "f ~1" not in free(
        shape("f =~ x1 + x2 + x3", groups=2, equal=("loadings", "intercepts", "means")), group=2
    )


def test_labels_by_group_keep_the_groups_apart():
    found = shape("y ~ c(a, b)*x", groups=2, equal=("regressions",))
    assert len({r.index for r in found.rows if r.name == "y ~ x"}) == 2


def test_on_two_levels_the_mean_of_an_outcome_stands_between():
    found = shape("level: 1\n y ~ x\nlevel: 2\n y ~ w", levels=2)
    assert fixed(found)["y ~1"] == 0.0
    assert "y ~1" in free(found, level=2)
    assert given(found) == {"x ~~ x", "x ~1"}
    assert given(found, level=2) == {"w ~~ w", "w ~1"}


def test_what_cannot_be_asked_is_said():
    with pytest.raises(ModelError, match="kind"):
        shape("y ~ x", kind="path")
    with pytest.raises(ModelError, match="cannot be held equal"):
        shape("y ~ x", groups=2, equal=("slopes",))
    with pytest.raises(ModelError, match="levels"):
        shape("level: 1\n y ~ x\nlevel: 2\n y ~ w")
    with pytest.raises(ModelError, match="level: 1 and level: 2"):
        shape("y ~ x", levels=2)
    with pytest.raises(FormulaError, match="3 values are given for 2 groups"):
        shape("y ~ c(a, b, d)*x", groups=2)
