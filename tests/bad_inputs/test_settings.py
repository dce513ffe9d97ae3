"""Table D: settings, on the library and the command line."""

import csv

import pytest

from core.cli import main
from core.pipeline import check
from core.reading.places import require_within
from core.reading.problems import Unreadable
from core.settings import BadSettings, Settings

from .cases import clean, reference, strictly

FAULTS = {
    "D01": ("unknown_setting", "alrt = 0.3\n[reading]\nencodng = 'x'\n", ("'alert'", "'encoding'")),
    "D02-negative": ("bad_setting", "alert = -1\n", ("alert",)),
    "D02-text": ("bad_setting", 'alert = "much"\n', ("alert",)),
    "D02-nan": ("bad_setting", "alert = nan\n", ("alert",)),
    "D02-infinite": ("bad_setting", "alert = inf\n", ("alert",)),
    **{
        f"D03-{n}": ("bad_setting", f"bin_count = {n}\n", ("2", "1000"))
        for n in ("0", "1", "-5", "1000000000")
    },
    "D04-negative": ("bad_setting", "smoothing = -0.5\n", ("smoothing",)),
    "D04-nan": ("bad_setting", "smoothing = nan\n", ("smoothing",)),
    "D04-infinite": ("bad_setting", "smoothing = inf\n", ("smoothing",)),
    "D06": ("unknown_feature", "[features.agee]\nwarn = 0.1\n", ("'age'",)),
    "reading-encoding": ("bad_setting", '[reading]\nencoding = "rot13"\n', ("rot13", "cp1252")),
    "reading-delimiter": ("bad_setting", '[reading.live]\ndelimiter = "||"\n', ("one letter",)),
    "reading-marks": (
        "bad_setting",
        '[reading]\ndecimal = ","\nthousands = ","\n',
        ("same letter",),
    ),
    "reading-side": ("unknown_setting", "[reading.live]\nhedaer = 3\n", ("'header'",)),
    "reading-size": ("bad_setting", "[reading]\nmax_mb = 0\n", ("greater than 0",)),
    "no-toml": ("bad_setting", "alert = \n", ("TOML",)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_settings_is_refused_by_library_and_command_line(name, tmp_path, capsys):
    code, text, words = FAULTS[name]
    with pytest.raises(BadSettings) as caught:
        check(reference(), clean(), Settings.from_toml(text))
    assert {fault for fault, _ in caught.value.faults} == {code}
    paths = [tmp_path / name for name in ("a.csv", "b.csv", "s.toml")]
    for path, content in zip(paths, (reference(), clean(), text.encode()), strict=True):
        path.write_bytes(content)
    assert main(["compare", *map(str, paths[:2]), "--settings", str(paths[2])]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert f"[{code}]" in err
    assert all(word in err for word in words)


def test_d04_without_smoothing_an_infinite_divergence_is_the_word(tmp_path):
    live = clean().replace(b"Oslo", b"Bonn")
    report = check(reference(), live, Settings(smoothing=0))
    found = {each["name"]: each for each in strictly(report.model_dump_json())["features"]}["town"]
    assert found["kl_live_ref"] == "infinite"
    assert 0 < found["jsd_bits"] < 1


def test_d05_an_empty_file_means_the_defaults():
    assert Settings.from_toml("") == Settings()


def test_d09_a_path_outside_the_folders_is_refused_after_links_are_resolved(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    assert require_within(inside / "a.csv", [inside]) == inside.resolve() / "a.csv"
    for path in (inside / "link" / "a.csv", inside / ".." / "outside" / "a.csv", "/etc/passwd"):
        with pytest.raises(Unreadable) as caught:
            require_within(path, [inside])
        assert caught.value.code == "path_refused"


def test_what_the_page_chose_gives_the_same_report_on_the_command_line(tmp_path):
    chosen = Settings.from_toml(
        '[reading.live]\ndelimiter = "|"\nmissing = ["-999"]\n'
        '[reading.live.rename]\n"the Age" = "age"\n'
    )
    live = clean().replace(b"age,", b"the Age,").replace(b"Oslo,3", b"Oslo,-999")
    live = b"\n".join(b"|".join(part.replace(b'"', b"") for part in row) for row in _cut(live))
    paths = [tmp_path / name for name in ("reference.csv", "live.csv", "s.toml", "r.json")]
    for path, content in zip(paths, (reference(), live, chosen.to_toml().encode()), strict=False):
        path.write_bytes(content)
    main(["compare", *map(str, paths[:2]), "--settings", str(paths[2]), "--out", str(paths[3])])
    page = check(("reference.csv", reference()), ("live.csv", live), chosen)
    told = strictly(paths[3].read_text())
    ours = strictly(page.model_dump_json())
    assert {**told, "created": None} == {**ours, "created": None}
    assert "age" in {each["name"] for each in told["features"]}


def _cut(text):
    rows = csv.reader(text.decode().splitlines())
    return [[cell.encode() for cell in row] for row in rows]
