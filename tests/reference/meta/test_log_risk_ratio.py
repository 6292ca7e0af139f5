"""The 13 tuberculosis trials (Colditz et al. 1994): their rows stay in R's package metadat."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from anello.stats.meta.effect_sizes import log_risk_ratio
from anello.stats.meta.random_effects import pool

SCRIPT = Path(__file__).with_name("bcg.R")


@pytest.fixture(scope="module")
def trials() -> dict[str, list[float]]:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed; the trials stand in its package metadat")
    done = subprocess.run(["Rscript", str(SCRIPT)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("R has no metafor and metadat, where the trials stand")
    return json.loads(done.stdout)


def test_thirteen_trials_pool_to_the_published_log_risk_ratio(trials):
    effects = log_risk_ratio(trials["a"], trials["b"], trials["c"], trials["d"])
    found = pool(effects.y, effects.v)
    assert found.k == 13
    assert found.estimate == pytest.approx(-0.7145, abs=5e-5)
    assert found.se == pytest.approx(0.1798, abs=5e-5)
    assert found.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert found.i2 == pytest.approx(92.22, abs=5e-3)
    assert found.q.statistic == pytest.approx(152.2330, abs=5e-5)
    assert found.estimate != pytest.approx(-0.7146, abs=5e-5)
