"""Why something was not compared beyond single columns: the words that several parts share."""


def some(number: int, noun: str) -> str:
    """Count things in words: 1 component, 2 components."""
    return f"{number} {noun}{'s' * (number != 1)}"


def in_windows(what: str) -> str:
    """Say that something is not told of rows that are windows, and what to do now."""
    return (
        f"{what}: that takes whole tables, and the rows judged here are windows. Give these rows "
        "as tables of their own to drift compare, or compare all rows."
    )
