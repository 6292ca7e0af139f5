"""A release is written whole or not at all, and is verified when it is read."""

import json

import pytest

from anello.model.errors import OutputError
from anello.report import folder


def release(**files):
    content = {name.replace("_", "."): data for name, data in files.items()}
    content.setdefault("evidence.json", b"[]")
    sums = {name: folder._sha256(data) for name, data in content.items()}
    return {
        **content,
        "manifest.json": json.dumps({**dict.fromkeys(folder.KEYS, ""), "files": sums}).encode(),
    }


def test_what_was_written_is_read_back(tmp_path):
    folder.publish(release(a_csv=b"1"), tmp_path / "r")
    assert folder.read(tmp_path / "r").evidence == []
    assert sorted(p.name for p in (tmp_path / "r").iterdir()) == [
        "a.csv",
        "evidence.json",
        "manifest.json",
    ]


def test_a_release_is_never_written_over(tmp_path):
    folder.publish(release(), tmp_path / "r")
    with pytest.raises(OutputError, match="exists already"):
        folder.publish(release(), tmp_path / "r")


def test_a_failure_leaves_nothing_behind(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        folder.publish({"a": b"1", "a/b": b"2"}, tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_figure_is_found(tmp_path):
    folder.publish(release(a_csv=b"1"), tmp_path / "r")
    (tmp_path / "r" / "a.csv").write_bytes(b"2")
    with pytest.raises(OutputError, match=r"changed after its release: a\.csv"):
        folder.read(tmp_path / "r")


def test_a_lost_file_is_found(tmp_path):
    folder.publish(release(a_csv=b"1"), tmp_path / "r")
    (tmp_path / "r" / "a.csv").unlink()
    with pytest.raises(OutputError, match=r"a\.csv is missing"):
        folder.read(tmp_path / "r")


def test_a_file_that_nobody_released_is_found(tmp_path):
    folder.publish(release(), tmp_path / "r")
    (tmp_path / "r" / "extra.csv").write_bytes(b"1")
    with pytest.raises(OutputError, match=r"extra\.csv is not what the manifest says"):
        folder.read(tmp_path / "r")


@pytest.mark.parametrize("files", [["a"], {"../a": "0"}, {"a.csv": "0"}, None])
def test_a_manifest_of_another_form_is_refused(tmp_path, files):
    content = {**dict.fromkeys(folder.KEYS, ""), "files": files}
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(OutputError, match="is not a release"):
        folder.read(tmp_path)


def test_a_name_too_long_is_one_sentence(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        folder.refuse(tmp_path / ("x" * 300))


def test_any_other_folder_is_not_a_release(tmp_path):
    with pytest.raises(OutputError, match="is not a release"):
        folder.read(tmp_path)
