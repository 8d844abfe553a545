"""What one landed file holds: its documents, each with its own bytes, or the problems that keep them out.

Nothing here knows where the file lay; `files` brings streams. All reading is bounded.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import yaml

from ingest.decoding import UndecodableError, decode_text, split_front_matter, storable

MEBIBYTE = 1 << 20
MAX_DOCUMENT_BYTES = 16 * MEBIBYTE
"""The longest single document or line; the longest real article is a hundredth of it."""
MAX_COLLECTION_BYTES = 64 * MEBIBYTE
"""The largest file that must be held whole to be read (.json, .csv, JSON lines in UTF-16)."""
MAX_VALUE_CHARACTERS = 2000
"""Longer values are texts, not metadata."""
TEXT_KEYS = frozenset({"text", "html", "body", "content"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A document found in a file: `content` as it stands there, `location` path, path:line or path#item."""

    location: str
    media_type: str
    content: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)
    is_whole_file: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be used: `code` is for counting, `reason` is a sentence's end for people.

    `passes` tells whether it may pass by itself, so that the next run tries again.
    """

    location: str
    code: str
    reason: str
    sha256: str | None = None
    line: int | None = None
    passes: bool = False


@dataclass(frozen=True, slots=True)
class JsonLine:
    """A line of a JSON lines file: its number from 1, its bytes without the line end, the object it holds."""

    number: int
    content: bytes
    value: dict[str, Any]


def read_documents(name: str, stream: BinaryIO) -> Iterator[Draft | Problem]:
    """Yield what the file `name` holds, by its suffix; a damaged part is one Problem, the rest come through.

    Known are .txt, .html, .htm, .json, .jsonl and .ndjson.
    """
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in ("jsonl", "ndjson"):
        yield from _read_lines(name, stream)
        return
    reader = {"txt": _read_text, "html": _read_html, "htm": _read_html, "json": _read_json}.get(suffix)
    if reader is None:
        yield Problem(
            name,
            "unknown_type",
            f"is of a kind that is not read ({'.' + suffix if suffix else 'no suffix'}); "
            "read are .txt, .html, .json, .jsonl, .warc, an articles.csv beside them, all in .zip, .tar, .gz",
        )
        return
    limit = MAX_COLLECTION_BYTES if suffix == "json" else MAX_DOCUMENT_BYTES
    content = stream.read(limit + 1)
    if len(content) > limit:
        advice = "; write one article a line in a .jsonl file" if suffix == "json" else ""
        yield Problem(
            name, "too_large", f"is longer than {limit // MEBIBYTE} MiB, the most that is read{advice}"
        )
    elif not content.strip(b" \t\r\n\xef\xbb\xbf"):
        yield Problem(name, "empty", "is empty", _sha256(content))
    else:
        yield from reader(name, content)


def read_json_lines(stream: BinaryIO, name: str = "") -> Iterator[JsonLine | Problem]:
    """Yield the objects of a JSON lines stream, blank lines passed over; Problems are located `name:line`.

    Lines are read bounded, so that a line without an end costs no memory. UTF-8, UTF-16 with a mark and
    older encodings are understood.
    """
    for number, content in _bounded_lines(stream):
        if content is None:
            most = MAX_DOCUMENT_BYTES // MEBIBYTE
            found: JsonLine | tuple[str, str] = (
                "too_large",
                f"is a line longer than {most} MiB, the most read",
            )
        elif not content.strip(b" \t\r\n\xef\xbb\xbf"):
            continue
        else:
            found = _read_object(number, content)
        if isinstance(found, JsonLine):
            yield found
        else:
            location = f"{name}:{number}" if name else f"line {number}"
            yield Problem(location, *found, None if content is None else _sha256(content), number)


def _read_object(number: int, content: bytes) -> JsonLine | tuple[str, str]:
    """Return the object that a line holds, or code and reason why it holds none."""
    try:
        value = json.loads(decode_text(content))
    except UndecodableError as error:
        return error.code, str(error)
    except RecursionError:
        return "nested_too_deep", "is JSON nested too deep to read"
    except ValueError as error:
        return "bad_json", _explain_json(error, content)
    if isinstance(value, dict):
        return JsonLine(number, content, value)
    kind = "a list" if isinstance(value, list) else "a single value"
    return "bad_json", f'is {kind}; a line must be a JSON object such as {{"text": ...}}'


def read_sidecar(name: str, stream: BinaryIO) -> Iterator[tuple[int, dict[str, str]] | Problem]:
    """Yield line number and filled cells of each row of a CSV that describes the files beside it.

    The CSV must have a column `file`; other columns (title, outlet, published_at, url, id, ...) are metadata.
    """
    content = stream.read(MAX_COLLECTION_BYTES + 1)
    if len(content) > MAX_COLLECTION_BYTES:
        yield Problem(
            name, "too_large", f"is longer than {MAX_COLLECTION_BYTES // MEBIBYTE} MiB, the most that is read"
        )
        return
    try:
        text = decode_text(content)
    except UndecodableError as error:
        yield Problem(name, error.code, str(error), _sha256(content))
        return
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield Problem(f"{name}:{reader.line_num}", "bad_csv", f"is no CSV from here on: {error}")
            return
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header = [cell.strip().lower() for cell in row]
            if "file" not in header:
                yield Problem(
                    name, "bad_csv", "has no column 'file' in its first line, so it describes no files"
                )
                return
        elif len(row) > len(header):
            yield Problem(
                f"{name}:{reader.line_num}",
                "bad_csv",
                f"has {len(row)} cells under {len(header)} columns; text with a comma needs quotes around it",
            )
        else:
            cells = {
                key: cell.strip() for key, cell in zip(header, row, strict=False) if key and cell.strip()
            }
            if "file" in cells:
                yield reader.line_num, cells
            else:
                yield Problem(f"{name}:{reader.line_num}", "bad_csv", "names no file")
    if header is None:
        yield Problem(name, "empty", "is empty", _sha256(content))


def _read_text(name: str, content: bytes) -> Iterator[Draft | Problem]:
    try:
        front_matter, body = split_front_matter(decode_text(content))
    except UndecodableError as error:
        yield Problem(name, error.code, str(error), _sha256(content))
        return
    metadata: dict[str, str] = {}
    if front_matter is not None:
        try:
            metadata = _read_front_matter(front_matter)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            detail = re.sub(r"\s+", " ", str(error)) or "nested too deep"
            yield Problem(
                name, "bad_front_matter", f"has front matter that is no YAML: {detail}", _sha256(content)
            )
            return
    if not body.strip():
        yield Problem(
            name,
            "empty",
            "is empty" if front_matter is None else "has front matter and no text",
            _sha256(content),
        )
        return
    yield Draft(name, "text/plain", content, metadata)


def _read_html(name: str, content: bytes) -> Iterator[Draft | Problem]:
    """Yield the page. Its encoding is its own affair (a meta element may state it) unless it holds NULs."""
    if b"\0" in content:
        try:
            decode_text(content)
        except UndecodableError as error:
            yield Problem(name, error.code, str(error), _sha256(content))
            return
    yield Draft(name, "text/html", content)


def _read_json(name: str, content: bytes) -> Iterator[Draft | Problem]:
    """Yield one document for an object, one for each item of a list; JSON lines are read as such."""
    try:
        text = decode_text(content)
    except UndecodableError as error:
        yield Problem(name, error.code, str(error), _sha256(content))
        return
    if text.lstrip().startswith("["):
        yield from _read_array(name, text)
        return
    try:
        value = json.loads(text)
    except RecursionError:
        yield Problem(name, "nested_too_deep", "is JSON nested too deep to read", _sha256(content))
    except ValueError as error:
        if _is_object(text.lstrip().partition("\n")[0]):
            yield from _read_lines(name, io.BytesIO(content))
        else:
            yield Problem(name, "bad_json", _explain_json(error, content), _sha256(content))
    else:
        if isinstance(value, dict):
            yield Draft(name, "application/json", content, json_metadata(value))
        else:
            yield Problem(name, "bad_json", "is a single value; it must be a JSON object or a list of them")


def _read_array(name: str, text: str) -> Iterator[Draft | Problem]:
    decoder, blank = json.JSONDecoder(), re.compile(r"\s*")
    position, number = text.index("[") + 1, 0
    while True:
        position = blank.match(text, position).end()  # type: ignore[union-attr]
        if text[position : position + 1] == "]":
            return
        number += 1
        location = f"{name}#{number}"
        try:
            value, end = decoder.raw_decode(text, position)
        except RecursionError:
            yield Problem(
                location, "nested_too_deep", "is JSON nested too deep to read; the items after it are lost"
            )
            return
        except ValueError as error:
            yield Problem(location, "bad_json", f"is damaged from item {number} of its list on: {error}")
            return
        content = text[position:end].encode("utf-8", "surrogatepass")
        if not isinstance(value, dict):
            yield Problem(location, "bad_json", "is no JSON object", _sha256(content))
        elif len(content) > MAX_DOCUMENT_BYTES:
            yield Problem(
                location,
                "too_large",
                f"is longer than {MAX_DOCUMENT_BYTES // MEBIBYTE} MiB, the most that is read",
            )
        else:
            yield Draft(location, "application/json", content, json_metadata(value), is_whole_file=False)
        position = blank.match(text, end).end()  # type: ignore[union-attr]
        if text[position : position + 1] == ",":
            position += 1
        elif text[position : position + 1] != "]":
            yield Problem(f"{name}#{number + 1}", "bad_json", f"is cut off after item {number} of its list")
            return


def _read_lines(name: str, stream: BinaryIO) -> Iterator[Draft | Problem]:
    found = False
    for line in read_json_lines(stream, name):
        found = True
        if isinstance(line, Problem):
            yield line
        else:
            location = f"{name}:{line.number}"
            yield Draft(
                location, "application/json", line.content, json_metadata(line.value), is_whole_file=False
            )
    if not found:
        yield Problem(name, "empty", "is empty")


def _bounded_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield number and bytes of each line, None for one that is too long, holding no more than one line."""
    first = stream.readline(MAX_DOCUMENT_BYTES + 1)
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = first + stream.read(MAX_COLLECTION_BYTES - len(first) + 1)
        if len(content) > MAX_COLLECTION_BYTES:
            yield 1, None
            return
        try:
            lines = decode_text(content).split("\n")
        except UndecodableError:
            lines = []
            yield 1, content
        for number, text in enumerate(lines, 1):
            yield number, text.rstrip("\r").encode("utf-8", "surrogatepass")
        return
    number, line = 1, first
    while line:
        if len(line) > MAX_DOCUMENT_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(MEBIBYTE)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line.rstrip(b"\r\n")
        number, line = number + 1, stream.readline(MAX_DOCUMENT_BYTES + 1)


class _PlainLoader(yaml.BaseLoader):
    """Reads every scalar as text, and no aliases: ten lines of them can stand for a billion values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ValueError("it uses an alias (*name), which is not read; put the value in quotes")
        return super().compose_node(parent, index)


def _read_front_matter(text: str) -> dict[str, str]:
    found = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - BaseLoader makes text, lists and mappings only
    if found is None or found == "":
        return {}
    if not isinstance(found, dict):
        raise ValueError("it must be lines of 'key: value'")
    return json_metadata(found, leave_out=frozenset())


def json_metadata(value: Mapping[Any, Any], leave_out: frozenset[str] = TEXT_KEYS) -> dict[str, str]:
    """Return the short single values, and lists of them, as text; nested values stay in the bytes alone."""
    metadata = {}
    for key, item in value.items():
        items = item if isinstance(item, list) else [item]
        if str(key).lower() in leave_out or any(isinstance(part, dict | list) for part in items):
            continue
        text = ", ".join(_as_text(part) for part in items if part is not None).strip()
        if text and len(text) <= MAX_VALUE_CHARACTERS:
            metadata[storable(str(key).strip().lower())] = storable(text)
    return metadata


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _explain_json(error: ValueError, content: bytes) -> str:
    if isinstance(error, json.JSONDecodeError):
        if not content.rstrip().endswith((b"}", b"]")):
            return f"is JSON cut off in the middle ({error.msg} at character {error.pos + 1})"
        return f"is no JSON: {error.msg} at character {error.pos + 1}"
    return f"is JSON that cannot be read: {error}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
