"""The bytes of a text file as blocks of whole rows: UTF-8, one kind of line end, bounded memory."""

import codecs
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from .dialects import Dialect, wrong_encoding
from .problems import Unreadable
from .quotes import last_row_end, turns, unclosed

HEAD_BYTES = 1 << 17
BLOCK_BYTES = 1 << 23  # 8 MB: large enough for all cores; a few are in memory at once
_FALLBACK = "cp1252"
_LINE_END, _PIECE = ord("\n"), 1 << 18
_UTF8 = {"utf-8", "utf8", "utf-8-sig"}

Read = Callable[[int], bytes]


@dataclass(slots=True)
class Odd:
    """What was odd in the letters of a file; with `is_fixed` nothing may be."""

    is_fixed: bool = False
    lines: int = 0  # that are not UTF-8
    first_line: int | None = None
    replaced: int = 0  # letters


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows, and the number of lines before them."""

    text: bytes
    lines_before: int


def blocks(
    head: bytes, read: Read, dialect: Dialect, odd: Odd, *, head_only: bool = False
) -> Iterator[Block]:
    """Cut a text into blocks of whole rows; the last one may lack its line end.

    With `head_only` the first block is all. Raises Unreadable for zero bytes, a quote that is never
    closed, and a line without end.
    """
    rest, lines = b"", 0
    for chunk in _line_ends(_utf8(head, read, dialect.encoding, odd), crlf=b"\r" in head):
        if len(rest) + len(chunk) < BLOCK_BYTES and not head_only:
            rest += chunk
            continue
        text, rest = _cut(rest, chunk, dialect, lines)
        if not text and len(rest) >= BLOCK_BYTES:
            raise _too_long(rest, dialect, lines)
        if text:
            yield _sound(Block(text, lines))
            lines += count_lines(text)
        if head_only and text:
            return
    if rest:
        toggles = turns(rest, dialect, lines)
        if len(toggles) % 2 and b"\n" in rest[toggles[-1] :]:
            raise unclosed(rest, int(toggles[-1]), lines)
        yield _sound(Block(rest, lines))


def ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """Read, hash and cut the next block in a thread while the one before is parsed."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


def _cut(rest: bytes, chunk: bytes, dialect: Dialect, lines: int) -> tuple[bytes, bytes]:
    """Give the whole rows of a text, and what is left; what has no quotes is copied but once."""
    quote = dialect.quote.encode()
    if not quote or (quote not in chunk and quote not in rest):
        end = chunk.rfind(b"\n") + 1
        if not end:
            return b"", rest + chunk
        return b"".join((rest, memoryview(chunk)[:end])), chunk[end:]
    text = rest + chunk
    end = last_row_end(text, dialect, lines)
    return text[:end], text[end:]


def count_lines(text: bytes) -> int:
    """Count line ends: piece by piece in the cache, three times as fast as `bytes.count`."""
    letters = np.frombuffer(text, np.uint8)
    pieces = range(0, letters.size, _PIECE)
    return sum(int(np.count_nonzero(letters[at : at + _PIECE] == _LINE_END)) for at in pieces)


def _sound(block: Block) -> Block:
    if (place := block.text.find(b"\0")) >= 0:
        line = block.lines_before + block.text.count(b"\n", 0, place) + 1
        sentence = f"Line {line} holds a zero byte, which no text has. Export the file again."
        raise Unreadable("nul_bytes", sentence)
    return block


def _too_long(rest: bytes, dialect: Dialect, lines: int) -> Unreadable:
    toggles = turns(rest, dialect, lines)
    if len(toggles) % 2 and b"\n" in rest[toggles[-1] :]:
        return unclosed(rest, int(toggles[-1]), lines)
    sentence = (
        f"Line {lines + 1} is longer than {BLOCK_BYTES >> 20} MB. A table has line ends between "
        "its rows; export it again."
    )
    return Unreadable("line_too_long", sentence)


def _utf8(head: bytes, read: Read, encoding: str, odd: Odd) -> Iterator[bytes]:
    """Yield the text as UTF-8 without a byte order mark."""
    is_utf8 = encoding.lower().replace("_", "-") in _UTF8
    if is_utf8:
        head = head.removeprefix(codecs.BOM_UTF8)
    decoder = codecs.getincrementaldecoder(encoding)("strict" if odd.is_fixed else "replace")
    while head:
        yield head if is_utf8 else _transcoded(decoder, head, odd)
        head = read(BLOCK_BYTES)
    if not is_utf8:
        yield _transcoded(decoder, b"", odd)


def _transcoded(decoder: codecs.IncrementalDecoder, chunk: bytes, odd: Odd) -> bytes:
    try:
        text = decoder.decode(chunk, final=not chunk)
    except UnicodeError as error:
        raise wrong_encoding(getattr(error, "encoding", "utf-16")) from None
    odd.replaced += text.count("\ufffd")
    return text.encode("utf-8", "replace")


def _line_ends(chunks: Iterator[bytes], *, crlf: bool) -> Iterator[bytes]:
    """Write every line end as a line feed, if the head of the file has others."""
    held = b""
    for chunk in chunks:
        if not crlf:
            yield chunk
            continue
        text = held + chunk
        held = b"\r" if text.endswith(b"\r") else b""
        yield text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if held:
        yield b"\n"


def mended(block: Block, odd: Odd) -> bytes:
    """Read the lines of a block that are not UTF-8 as Windows-1252, and count them."""
    try:
        block.text.decode()
    except UnicodeDecodeError:
        if odd.is_fixed:
            raise wrong_encoding("utf-8") from None
    else:
        return block.text
    lines = block.text.split(b"\n")
    for number, line in enumerate(lines):
        try:
            line.decode()
        except UnicodeDecodeError:
            lines[number] = line.decode(_FALLBACK, "replace").encode()
            odd.lines += 1
            odd.first_line = odd.first_line or block.lines_before + number + 1
    return b"\n".join(lines)
