"""A file that was opened, packed or not, with a bound on the bytes it may inflate to."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, Any

import pyarrow as pa

from .options import Wishes
from .problems import Unreadable, listed

SIGNATURE_BYTES = 512
_LEAST_LIMIT = 1 << 30  # inflated bytes that any packed file may have
_MOST_INFLATED = 100  # times its packed size, beyond that least: tables shrink 3 to 20 times


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's bytes. `raw` is the stream of the file itself, `stream` what is unpacked from it."""

    name: str
    stream: IO[bytes]
    raw: IO[bytes]
    size: int
    wishes: Wishes
    digest: Any = field(default_factory=hashlib.sha256)
    packed: str = ""

    @property
    def limit(self) -> float:
        """The bytes that may be read, unpacked."""
        if self.wishes.options.max_mb is not None:
            return self.wishes.options.max_mb * 1e6
        return max(_LEAST_LIMIT, _MOST_INFLATED * self.size) if self.packed else float("inf")

    @property
    def done(self) -> float:
        """The share of the file that was read, 0 to 1."""
        return min(self.raw.tell() / max(self.size, 1), 1.0)

    def reading(self) -> Callable[[int], bytes]:
        """Give a function that reads on, hashes, and stops at the limit."""
        total = 0

        def read(count: int) -> bytes:
            nonlocal total
            piece = self.stream.read(count)
            self.digest.update(piece)
            total += len(piece)
            if total > self.limit:
                raise self.too_big()
            return piece

        return read

    def head(self) -> bytes:
        """Give the first bytes; the stream is read from the start again afterwards."""
        return self.stream.read(SIGNATURE_BYTES)

    def too_big(self) -> Unreadable:
        """Refuse the file for its size."""
        what = "unpacks to" if self.packed else "has"
        sentence = (
            f"{self.name} {what} more than {self.limit / 1e6:,.0f} MB. Raise max_mb in [reading] "
            "of the settings, or count it on the command line: drift profile."
        )
        return Unreadable("too_big", sentence)


@contextmanager
def sound(name: str) -> Iterator[None]:
    """Answer what breaks while reading with a sentence."""
    try:
        yield
    except Unreadable:
        raise
    except (
        pa.ArrowException,
        EOFError,
        OSError,
        zlib.error,
        lzma.LZMAError,
        zipfile.BadZipFile,
        NotImplementedError,
    ) as error:
        reason = (str(error).splitlines() or ["it is damaged"])[0].rstrip(".")[:200]
        sentence = f"{name} could not be read: {reason}. Export it again."
        raise Unreadable("corrupt_file", sentence) from None


class _Lent(io.RawIOBase):
    """A stream that is not closed with what reads from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)


def _zstd(stream: IO[bytes]) -> IO[bytes]:
    unpacked: IO[bytes] = pa.CompressedInputStream(pa.PythonFile(_Lent(stream), "r"), "zstd")
    return unpacked


def _plain(stream: IO[bytes]) -> IO[bytes]:
    return stream


PACKED: Mapping[bytes, tuple[str, Callable[[IO[bytes]], Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"BZh": ("bzip2", bz2.open),
    b"\xfd7zXZ\x00": ("xz", lzma.open),
    b"\x28\xb5\x2f\xfd": ("zstd", _zstd),
}


def unpacked(opened: Opened, name: str, unpack: Callable[[IO[bytes]], Any]) -> tuple[Opened, bytes]:
    """Unpack a file as it is read; give its first bytes too."""
    head = unpack(opened.raw).read(SIGNATURE_BYTES)
    opened.raw.seek(0)
    return replace(opened, stream=unpack(opened.raw), packed=name), head


def members(opened: Opened) -> zipfile.ZipFile:
    """Open a zip archive; refuse an encrypted one."""
    archive = zipfile.ZipFile(opened.raw)
    if any(each.flag_bits & 1 for each in archive.infolist()):
        sentence = f"{opened.name} is encrypted. Unpack it with its password first."
        raise Unreadable("encrypted_file", sentence)
    return archive


def only_member(opened: Opened, archive: zipfile.ZipFile) -> Callable[[IO[bytes]], Any]:
    """Choose the one table of an archive. Raises Unreadable where there are several, or none."""
    names = [
        each.filename
        for each in archive.infolist()
        if not each.is_dir() and not each.filename.startswith(("__MACOSX/", "."))
    ]
    if len(names) != 1:
        what = f"{len(names)} files ({listed(names)})" if names else "no file"
        sentence = f"{opened.name} is an archive of {what}. Unpack it and give one table."
        raise Unreadable("several_tables" if names else "empty_file", sentence)
    return lambda _raw: archive.open(names[0])


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file looked like when it was opened, to notice that it is changed while read."""

    size: int
    changed: int


def mark_of(stream: IO[bytes]) -> Mark | None:
    """Take the mark of an open file; None for what is no file of this machine."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, AttributeError, ValueError):
        return None
    return Mark(found.st_size, found.st_mtime_ns)


def require_unchanged(stream: IO[bytes], mark: Mark | None, name: str) -> None:
    """Refuse a file that was written while it was read: rows of two states must not mix."""
    if mark_of(stream) != mark:
        sentence = f"{name} was changed while it was read. Wait until it is complete and try again."
        raise Unreadable("changed_while_read", sentence)
