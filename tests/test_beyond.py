import pyarrow as pa

from core.cli import ANSWERED, DRIFT, main
from core.pipeline import check
from core.settings import Settings

NAMED = Settings.of({"vectors": {"v": ["e"]}})


def lists(*rows):
    return pa.table({"e": [list(map(float, row)) for row in rows] * 200})


LOW, HIGH = lists((0, 1), (1, 0), (2, 2), (0, 0)), lists((9, 1), (8, 0), (7, 2), (9, 0))


def test_a_table_of_nothing_but_vectors_can_be_compared():
    assert check(LOW, LOW, NAMED).verdict == "stable"
    assert check(LOW, HIGH, NAMED).verdict == "drift"


def test_the_command_line_answers_for_vectors(tmp_path, capsys):
    paths = [str(tmp_path / name) for name in ("low.parquet", "high.parquet", "s.toml")]
    for path, table in zip(paths, (LOW, HIGH), strict=False):
        pa.parquet.write_table(table, path)
    (tmp_path / "s.toml").write_text('vectors = { v = ["e"] }\n')
    assert main(["compare", paths[0], paths[1], "--settings", paths[2]]) == DRIFT
    assert "1 vector: v drifted." in capsys.readouterr().out
    assert main(["compare", paths[0], paths[0], "--settings", paths[2]]) == ANSWERED


def test_saved_profiles_keep_their_vectors(tmp_path):
    path = str(tmp_path / "low.profile")
    pa.parquet.write_table(LOW, tmp_path / "low.parquet")
    (tmp_path / "s.toml").write_text('vectors = { v = ["e"] }\n')
    words = ["profile", str(tmp_path / "low.parquet"), "--out", path]
    assert main([*words, "--settings", str(tmp_path / "s.toml")]) == ANSWERED
    assert check(path, HIGH, NAMED).vectors[0].state == "alert"
