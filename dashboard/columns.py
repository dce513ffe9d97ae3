"""The check of the columns: what does not match, and how it was meant; and how a file was read."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.deciding.reports import Report, Role
from core.pipeline import PROBLEMS, preview
from core.reporting.columns import Mismatch, mismatches, new_columns
from core.reporting.words import count, cut, grouped
from core.settings import BadSettings
from dashboard.parts import LONG_NAME, plain, say, trouble
from dashboard.state import choices, sides, tables

SAME = "as it is"
KINDS = {
    SAME: None,
    "number": "numeric",
    "category": "categorical",
    "time": "datetime",
    "yes or no": "boolean",
    "ignore": None,
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
ENCODINGS = ("utf-8", "cp1252", "utf-16", "iso8859-15", "cp1250", "shift_jis", "gb18030")
TOLD = "told from the file"
DIALECT = ("encoding", "delimiter", "decimal", "header", "missing")
MOST_REASONS = 5  # changed types that are told in full


def check(report: Report) -> None:
    """Draw the columns that do not match, each with what it may be; nothing where all do."""
    found = mismatches(report)
    if not found:
        return
    with st.container(border=True):
        say("Check of the columns", "h2")
        columns = len(report.features)
        matching = f"{grouped(columns - len(found))} of {count(columns, 'column')} match"
        verb = "needs" if len(found) == 1 else "need"
        say(f"{matching}; {grouped(len(found))} {verb} a look.", look="lead")
        new = new_columns(report)
        edited = _table(found, new)
        for each in [each for each in found if each.code == "type_changed"][:MOST_REASONS]:
            odd = [
                warning.message
                for warning in report.warnings
                if (warning.code, warning.column) == ("unreadable_values", each.name)
            ]
            say(" ".join((each.reason, *odd)), look="quiet")
        if left := [name for name in new if name not in {each.renamed for each in found}]:
            say(f"Only in live: {', '.join(cut(name) for name in left[:20])}.", look="quiet")
        compare, as_is = st.columns(2)
        compare.button(
            "Compare with these choices",
            type="primary",
            width="stretch",
            on_click=_apply,
            args=(_meant(found, edited),),
        )
        if as_is.button("Leave them as they are", width="stretch"):
            st.switch_page("views/overview.py", query_params=choices.link())


def _table(found: tuple[Mismatch, ...], new: list[str]) -> pd.DataFrame:
    column = st.column_config
    notes = ["renamed?" if each.renamed else each.reason for each in found]
    table: pd.DataFrame = st.data_editor(
        pd.DataFrame(
            {
                "In the reference": [cut(each.name, LONG_NAME) for each in found],
                "In live": [
                    each.renamed or (None if each.code == "missing_column" else each.name)
                    for each in found
                ],
                "Kind": [each.kind for each in found],
                "Treat as": ["category" if each.code == "type_changed" else SAME for each in found],
                "Note": [cut(note, LONG_NAME) for note in notes],
            }
        ),
        key=choices.draft_key("columns"),
        hide_index=True,
        disabled=["In the reference", "Kind", "Note"],
        alt="Columns that do not match",
        placeholder="missing",
        column_config={
            "In live": column.SelectboxColumn(
                options=[*new, *(each.name for each in found if each.code == "type_changed")]
            ),
            "Treat as": column.SelectboxColumn(options=list(KINDS), required=True),
            "Note": column.TextColumn(width="large"),
        },
    )
    return table


def _meant(
    found: tuple[Mismatch, ...], edited: pd.DataFrame
) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
    """Read the table: names of live by the name they get, and choices by feature."""
    names: dict[str, str] = {}
    features: dict[str, dict[str, object]] = {}
    for each, live, treat in zip(found, edited["In live"], edited["Treat as"], strict=True):
        if isinstance(live, str) and live != each.name:
            names[live] = each.name
        if treat == "ignore":
            features[each.name] = {"ignore": True}
        elif KINDS[treat]:
            features[each.name] = {"kind": KINDS[treat]}
    return names, features


def _apply(meant: tuple[Mapping[str, str], Mapping[str, dict[str, object]]]) -> None:
    names, features = meant
    chosen = choices.settings().model_dump(exclude_unset=True)
    live = chosen.setdefault("reading", {}).setdefault("live", {}) or {}
    live["rename"] = {**(live.get("rename") or {}), **names}
    chosen["reading"]["live"] = {key: value for key, value in live.items() if value}
    for name, own in features.items():
        chosen.setdefault("features", {}).setdefault(name, {}).update(own)
    kinds = any("kind" in own for own in features.values())
    tables.read_again(chosen, ("reference", "live") if kinds else ("live",))


def how_read(role: Role) -> None:
    """Draw how a table was read, and the choices that read it otherwise."""
    held = sides.side(role)
    if held.counted is None or not held.counted.whole.source.form:
        return
    with st.expander(plain(f"Read as: {held.counted.whole.source.form}")):
        _first_rows(role)
        chosen = _dialect(role)
        st.button(
            "Read again so",
            key=f"again-{role}",
            on_click=_read_so,
            args=(role, chosen),
            disabled=held.source is None or chosen == _said(role),
        )


def _said(role: Role) -> dict[str, object]:
    side = choices.settings().reading.model_dump(exclude_none=True).get(role) or {}
    return {key: side[key] for key in DIALECT if key in side}


def _dialect(role: Role) -> dict[str, object]:
    said = _said(role)
    left, right = st.columns(2)
    with left:
        delimiter = _pick(role, "delimiter", "Between fields", DELIMITERS)
        encoding = _pick(role, "encoding", "Encoding", {name: name for name in ENCODINGS})
    with right:
        decimal = _pick(role, "decimal", "Decimal mark", {".": "point", ",": "comma"})
        line = said.get("header")
        header = st.number_input(
            "Line of the header",
            1,
            10_000,
            line if isinstance(line, int) else None,
            placeholder=TOLD,
            key=choices.draft_key(f"header-{role}"),
        )
    found: dict[str, object] = {
        "encoding": encoding,
        "delimiter": delimiter,
        "decimal": decimal,
        "header": header,
    }
    found["missing"] = _missing(role, said.get("missing"))
    return {key: value for key, value in found.items() if value is not None}


def _pick(role: Role, key: str, label: str, words: Mapping[str, str]) -> str | None:
    options = [None, *words]
    kept = _said(role).get(key)
    known = options.index(kept) if isinstance(kept, str) and kept in options else 0
    return st.selectbox(
        label,
        options,
        index=known,
        format_func=lambda value: TOLD if value is None else words[value],
        key=choices.draft_key(f"{key}-{role}"),
    )


def _missing(role: Role, said: object) -> list[str] | None:
    """Draw the texts that stand for no value, besides those that are known."""
    kept = [text for text in said if isinstance(text, str)] if isinstance(said, list) else []
    return (
        st.multiselect(
            "Texts that mean: no value",
            kept,
            kept,
            accept_new_options=True,
            placeholder="-999, unknown: type and press Enter",
            key=choices.draft_key(f"missing-{role}"),
        )
        or None
    )


def _read_so(role: Role, dialect: dict[str, object]) -> None:
    chosen = choices.settings().model_dump(exclude_unset=True)
    reading = chosen.setdefault("reading", {})
    kept = reading.get(role) or {}
    others = {key: value for key, value in kept.items() if key not in DIALECT}
    reading[role] = {**others, **dialect}
    tables.read_again(chosen, (role,) if role == "live" else sides.ROLES)


def _first_rows(role: Role) -> None:
    source = sides.side(role).source
    if source is None:
        say("The file itself was let go after it was counted.", look="quiet")
        return
    try:
        head = preview(source, choices.settings(), role=role)
    except (*PROBLEMS, BadSettings) as problem:
        trouble(str(problem))
        return
    names = [cut(column.name) for column in head.columns]
    st.dataframe(
        pd.DataFrame(list(head.rows), columns=names),
        hide_index=True,
        alt=f"First rows of the {role}",
        placeholder="",
    )
