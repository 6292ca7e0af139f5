"""Every kind of study keeps the promise of its shelf, also those added later."""

from pathlib import Path
from typing import get_args

import pytest

import anello.link.studies
from anello.link.studies import STUDIES
from anello.listen.chain_studies import StudyKind
from anello.model.errors import ChainFileError
from anello.model.study import Study
from anello.model.words import Words

ROOM = Path(anello.link.studies.__file__).parent


@pytest.mark.parametrize("key", STUDIES)
def test_a_kind_lives_in_the_file_of_its_key_and_may_be_written_in_a_chain(key):
    assert (ROOM / f"{key}.py").is_file() or (ROOM / key).is_dir()
    assert key in get_args(StudyKind)


@pytest.mark.parametrize("key", STUDIES)
def test_a_kind_refuses_a_role_and_a_setting_that_it_does_not_know(key):
    words = Words("study", "studio")
    for roles, settings in ((("horoscope", "x"),), ()), ((), (("horoscope", "x"),)):
        with pytest.raises(ChainFileError) as error:
            STUDIES[key].check(Study("s", key, "rows", roles, ("y ~ x",), words, (), settings))
        assert error.value.text("it") != str(error.value)
