import sys
from types import SimpleNamespace

import pytest

from core.reading import spark
from core.reading.problems import Unreadable
from core.reading.sources import load

_JAVA = (
    "An error occurred while calling o30.load.\n: org.apache.spark.SparkClassNotFoundException: "
    "[DATA_SOURCE_NOT_FOUND] Failed to find the data source: x. Make sure"
)
_PYTHON = (
    "[PYTHON_EXCEPTION] From the worker: Traceback (most recent call last):\n  File 'a'\n    b\n"
    "ModuleNotFoundError: No module named 'pyarrow'\n SQLSTATE: 38000\n\tat org.apache"
)


def failing(message, module="pyspark.errors.exceptions.captured"):
    return type("AnalysisException", (Exception,), {"__module__": module})(message)


def refused(source):
    with pytest.raises(Unreadable) as caught:
        load(source)
    return caught.value.code, str(caught.value)


def test_without_pyspark_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    code, sentence = refused("spark:sales.flights")
    assert code == "no_spark"
    assert "pip install pyspark" in sentence


@pytest.mark.parametrize("home", [None, "/nowhere"])
def test_without_java_it_says_so_before_spark_does(monkeypatch, home):
    session = SimpleNamespace(getActiveSession=lambda: None)
    session.builder = SimpleNamespace(appName=lambda _name: None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", SimpleNamespace(SparkSession=session))
    monkeypatch.setenv("PATH", "")
    for name in ("PYSPARK_GATEWAY_PORT", "SPARK_REMOTE", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    if home:
        monkeypatch.setenv("JAVA_HOME", home)
    code, sentence = refused("spark:sales.flights")
    assert code == "no_spark"
    assert "needs Java 17 or newer" in sentence
    assert (home or "there is none.") in sentence


@pytest.mark.parametrize(
    ("address", "code"), [("spark:", "no_query"), ("spark:csv:/data/flights.csv", "wrong_type")]
)
def test_an_address_that_names_no_typed_table_is_refused_before_spark_starts(address, code):
    assert refused(address)[0] == code


@pytest.mark.parametrize(
    ("message", "code", "words"),
    [
        (
            "[TABLE_OR_VIEW_NOT_FOUND] The table cannot be found. Verify",
            "not_found",
            "finds no table",
        ),
        ("[PATH_NOT_FOUND] Path does not exist: file:/x.", "not_found", "finds no table"),
        (
            "[UNRESOLVED_COLUMN.WITHOUT_SUGGESTION] No column `a`. SQLSTATE: 4",
            "spark_failed",
            "No column `a`.",
        ),
        (_JAVA, "spark_failed", "Failed to find the data source: x."),
        (_PYTHON, "spark_failed", "No module named 'pyarrow' on the workers; they need Python"),
        (
            "[JAVA_GATEWAY_EXITED] Java gateway process exited.",
            "no_spark",
            "needs Java 17 or newer",
        ),
        ("cannot reach spark://me:hunter2@host", "spark_failed", "spark://me:***@host"),
        ("", "spark_failed", "no reason was given"),
    ],
)
def test_what_spark_raises_is_answered_in_a_sentence(message, code, words):
    with pytest.raises(Unreadable) as caught, spark.answered("flights"):
        raise failing(message)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_errors_of_others_are_left_alone():
    with pytest.raises(KeyError), spark.answered("flights"):
        raise KeyError("x")
