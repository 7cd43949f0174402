"""Settings: the keys of an installation are made once, completed by later releases, never lost."""

from __future__ import annotations

import json
import stat
import subprocess
import sys

from joserfc.jwk import ECKey

from app.config import ROOT, load_settings, new_secrets


def kept(folder):
    return json.loads((folder / "secrets.json").read_text())


def loaded(folder, **environ):
    return load_settings({"QIJUE_INSTANCE": str(folder), **environ})


def without(folder, *names):
    """An installation of a release that did not know these keys; returns what it has."""
    folder.mkdir(exist_ok=True)
    known = {name: key for name, key in new_secrets().items() if name not in names}
    (folder / "secrets.json").write_text(json.dumps(known))
    return known


def test_the_first_start_makes_every_key_and_the_second_finds_them(tmp_path):
    first = loaded(tmp_path)

    assert loaded(tmp_path) == first
    assert set(kept(tmp_path)) == set(new_secrets())


def test_the_key_for_answer_files_is_a_private_key_on_p_256(tmp_path):
    key = ECKey.import_key(dict(loaded(tmp_path).answer_file_key))

    assert key.is_private
    assert key.curve_name == "P-256"


def test_an_older_installation_gets_the_new_key_and_keeps_the_others(tmp_path):
    before = without(tmp_path, "answer_file_key")

    settings = loaded(tmp_path)

    after = kept(tmp_path)
    assert after.pop("answer_file_key") == dict(settings.answer_file_key)
    assert after == before
    assert loaded(tmp_path) == settings


def test_the_completed_file_is_its_owner_s_alone_and_nothing_lies_beside_it(tmp_path):
    without(tmp_path, "answer_file_key")

    loaded(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_start_that_was_cut_short_is_finished_by_the_next_one(tmp_path):
    without(tmp_path, "answer_file_key")
    key = new_secrets()["answer_file_key"]
    (tmp_path / "secrets-added-answer_file_key.json").write_text(
        json.dumps({"answer_file_key": key})
    )

    assert dict(loaded(tmp_path).answer_file_key) == key
    assert kept(tmp_path)["answer_file_key"] == key
    assert not (tmp_path / "secrets-added-answer_file_key.json").exists()


def test_what_lies_beside_a_complete_file_changes_nothing(tmp_path):
    first = loaded(tmp_path)
    (tmp_path / "secrets-added-answer_file_key.json").write_text(json.dumps(new_secrets()))

    assert loaded(tmp_path) == first


def test_servers_that_start_at_once_agree_on_the_new_key(tmp_path):
    without(tmp_path, "answer_file_key", "receipt_key")
    # The settings alone: four whole programs would take turns on a busy machine.
    program = (
        "from config import load_settings; s = load_settings();"
        "print(s.receipt_key, s.answer_file_key['x'])"
    )

    started = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={"QIJUE_INSTANCE": str(tmp_path), "PYTHONPATH": str(ROOT / "app")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    said = {process.communicate(timeout=120)[0].strip() for process in started}

    assert said == {f"{kept(tmp_path)['receipt_key']} {kept(tmp_path)['answer_file_key']['x']}"}


def test_a_key_from_the_environment_wins(tmp_path):
    key = new_secrets()["answer_file_key"]

    settings = loaded(tmp_path, QIJUE_ANSWER_FILE_KEY=json.dumps(key))

    assert settings.answer_file_key == key
    assert kept(tmp_path)["answer_file_key"] != key
    assert str(key["d"]) not in repr(settings)
