"""What the hostile tests share: the loaded process, chains of a few lines, specimens of files."""

import pytest
from warm import Warm


@pytest.fixture(scope="session")
def warm():
    process = Warm()
    yield process
    process.end()
