"""Numbers, dates and names as words: short, the same in every locale, and harmless to show.

Values of kind `datetime` are seconds since the epoch in UTC. Nothing here knows a report.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

NAME_WIDTH = 40  # characters of a name or label shown where it stands beside others
MOST_DIGITS = 7  # values that agree in as many digits are shown as equal
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HARMLESS = "\u200c\u200d\u202f"  # joiners of words and emoji, and the space of `grouped`

# from which size on, divided by what, and the sign: 9999 is read at a glance, 99999 is not
_UNITS = ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"), (0.0, 1.0, ""))
_PLAIN = (1e-4, 1e15)  # outside of these sizes a number is written with its exponent
_SPANS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def short(value: float, digits: int = 3) -> str:
    """Write a number with `digits` significant digits; below 10k whole numbers in full.

    >>> [short(value) for value in (41237, 1013.2, 0.1 + 0.2, 0, 2_500_000, 3.2e-9)]
    ['41.2k', '1013', '0.3', '0', '2.5M', '3.2e-9']
    """
    kept = max(digits, 4) if 1000 <= abs(value) < 10_000 else digits  # noqa: PLR2004 (see _UNITS)
    rounded = float(f"{value:.{kept}g}") + 0.0  # no negative zero
    size = abs(rounded)
    if size and not _PLAIN[0] <= size < _PLAIN[1]:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    divisor, sign = next((by, sign) for least, by, sign in _UNITS if size >= least)
    return f"{rounded / divisor:.{kept}g}{sign}"


def percent(share: float, digits: int = 2) -> str:
    """Write a share (0 to 1) in percent, finer near the ends so that few is never none or all.

    >>> [percent(share) for share in (0.41237, 0.064, 0.0004, 0, 0.9996, 1)]
    ['41 %', '6.4 %', '0.04 %', '0 %', '99.96 %', '100 %']
    """
    points = 100 * share
    from_end = min(points, 100 - points)
    if 0 < from_end < 0.01:  # noqa: PLR2004 (finer than anyone reads)
        return "<0.01 %" if points < 50 else ">99.99 %"  # noqa: PLR2004
    finer = (0 < from_end < 10) + (0 < from_end < 0.1)  # noqa: PLR2004 (one digit for each tenth)
    text = f"{points:.{digits - 2 + finer}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


def quantity(value: float, kind: str = "numeric", digits: int = 3) -> str:
    """Write a value in its feature's unit; times as date, with minutes, with seconds by `digits`.

    >>> quantity(1373790600.0, "datetime"), quantity(1373790600.0, "datetime", digits=4)
    ('2013-07-14', '2013-07-14 08:30')
    """
    if kind != "datetime":
        return short(value, digits)
    try:
        moment = EPOCH + timedelta(seconds=value)
    except OverflowError:  # beyond the year 9999
        return short(value, digits)
    if digits == 3:  # noqa: PLR2004 (the coarsest)
        return moment.date().isoformat()
    spec = {4: "minutes", 5: "seconds"}.get(digits, "microseconds")
    return moment.replace(tzinfo=None).isoformat(" ", spec)


def day(moment: str) -> str:
    """Write a moment in ISO 8601 shortly: a date alone at midnight, else with minutes.

    >>> day("2013-07-14T00:00:00+00:00"), day("2013-07-14T08:30:00+00:00")
    ('2013-07-14', '2013-07-14 08:30')
    """
    written = datetime.fromisoformat(moment)
    midnight = (written.hour, written.minute) == (0, 0)
    return written.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")


def distinct(values: Sequence[float], kind: str = "numeric") -> list[str]:
    """Write values with as many digits as tell those apart that differ, the same for all.

    >>> distinct([1373790600.0, 1373794200.0], "datetime")
    ['2013-07-14 08:30', '2013-07-14 09:30']
    """
    different = len(set(values))
    for digits in range(3, MOST_DIGITS):
        words = [quantity(value, kind, digits) for value in values]
        if len(set(words)) == different:
            return words
    return [quantity(value, kind, MOST_DIGITS) for value in values]


def change(before: float, after: float, kind: str = "numeric") -> str:
    """Write two values as a step from one to the other; once where they look the same.

    >>> change(41237, 41247), change(37, 78), change(5, 5)
    ('41.24k → 41.25k', '37 → 78', '5')
    """
    return " → ".join(dict.fromkeys(distinct([before, after], kind)))


def percent_change(before: float, after: float) -> str:
    """Write two shares with as many digits as tell them apart.

    >>> percent_change(0.002, 0.064), percent_change(0.412, 0.414), percent_change(0.5, 0.5)
    ('0.2 % → 6.4 %', '41.2 % → 41.4 %', '50 %')
    """
    for digits in range(2, MOST_DIGITS):
        words = percent(before, digits), percent(after, digits)
        if words[0] != words[1]:
            return " → ".join(words)
    return percent(before)


def shift(before: float, after: float, kind: str = "numeric") -> str:
    """Write the signed difference; between times as a span.

    >>> shift(41000, 47000), shift(37, 36.5), shift(0, 1_296_000, "datetime"), shift(1, 1)
    ('+6000', '-0.5', '+15 d', '0')
    """
    difference = after - before
    sign = "+" if difference > 0 else "-" if difference < 0 else ""
    return sign + length(abs(difference), kind)


def length(value: float, kind: str = "numeric") -> str:
    """Write the extent of something in its feature's unit; of times as days, hours, ...

    >>> length(12.5), length(5400, "datetime")
    ('12.5', '1.5 h')
    """
    if kind != "datetime" or value == 0:
        return short(value)
    size, unit = next((span for span in _SPANS if value >= span[0]), _SPANS[-1])
    return f"{short(value / size)} {unit}"


def score(value: float | str | None) -> str:
    """Write a divergence, a distance or a p-value; a dash where there is none.

    >>> score(0.37124), score(0.0), score(2e-5), score("infinite"), score(None)
    ('0.371', '0', '<0.001', 'infinite', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if 0 < value < 0.001:  # noqa: PLR2004 (three decimals)
        return "<0.001"
    return f"{value:.3f}" if 0 < value < 10 else short(value)  # noqa: PLR2004


def visible(text: str) -> str:
    r"""Write what a terminal or page would obey or hide (controls, line breaks) as its escape.

    >>> print(visible("\x1b[31mred\n"))
    \x1b[31mred\n
    """
    if text.isprintable():
        return text
    return "".join(
        letter
        if letter.isprintable() or letter in HARMLESS
        else letter.encode("unicode_escape").decode()
        for letter in text
    )


def cut(text: str, width: int = NAME_WIDTH) -> str:
    """Shorten a name from data for display, and make it `visible`.

    >>> cut("temperature_f"), cut("a" * 50, 5)
    ('temperature_f', 'aaaa…')
    """
    return visible(text if len(text) <= width else text[: width - 1] + "…")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number with its noun.

    >>> count(1, "feature"), count(12_000, "row"), count(2, "category", "categories")
    ('1 feature', '12\u202f000 rows', '2 categories')
    """
    return f"{grouped(number)} {noun if number == 1 else plural or noun + 's'}"


def grouped(number: int) -> str:
    """Write a whole number in full, its thousands apart by a narrow space that does not break.

    >>> grouped(8000)
    '8\u202f000'
    """
    return f"{number:,}".replace(",", "\u202f")
