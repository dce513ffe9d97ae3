import pytest
from pydantic import ValidationError

from core.choices import Reading, SideReading
from core.settings import Settings


def test_the_choices_of_a_side_come_before_those_for_both():
    reading = Reading(encoding="cp1252", delimiter=";", live=SideReading(delimiter="|"))
    assert reading.side("live").delimiter == "|"
    assert reading.side("reference").delimiter == ";"
    assert reading.side("live").encoding == reading.side("reference").encoding == "cp1252"


@pytest.mark.parametrize("name", ["rot13", "base64", "idna", "unicode_escape", "undefined", "xx"])
def test_what_is_no_encoding_of_text_is_refused(name):
    with pytest.raises(ValidationError, match="encoding such as"):
        SideReading(encoding=name)


def test_settings_for_reading_come_back_from_toml():
    names = {'a "b"': "c.d", "ü": "\n"}
    settings = Settings(reading=Reading(header="none", names=["a"], live=SideReading(rename=names)))
    assert Settings.from_toml(settings.to_toml()) == settings
