"""Archives and backups, changed in their records and in their bytes."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import random
import re
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.fuzz.cases import Case
from tests.fuzz.mutants_documents import dump, html, json_file, json_lines, sidecar, text
from tests.fuzz.mutate import (
    mutate_bytes,
    mutate_tree,
    odd_text,
    sometimes,
)
from tests.fuzz.odd_markup import printable

NAMES = (
    "a.txt", "b.html", "c.json", "d.jsonl", "articles.csv", "e.warc", "f.zip", "g.gz", "../climbed.txt",
    "/absolute.txt",
    "..\\back.txt", "C:\\x.txt", "sub/../../up.txt", "a.txt", "A.TXT", "dir/", ".hidden.txt",
    "x" * 300 + ".txt", "no_suffix",
    "nul\0name.txt", "new\nline.txt", "\u202etxt.exe", "e\u0301.txt", "\udcff.txt", "", ".", "..",
    "a/./b.txt", "//a.txt",
)  # fmt: skip


def member(draw: random.Random) -> bytes:
    """Return what a file in an archive holds: one of the formats above, or something else."""
    if draw.random() < 0.01:
        return bytes(draw.choice((10_000, 12_000_000)))
    return draw.choice((text, html, json_file, json_lines, sidecar))(draw).content[:200_000]


def archive(draw: random.Random) -> Case:
    """An archive of any kind, its members named and typed oddly, then changed near its records."""
    kind = draw.choice(
        ("zip", "zip", "zip", "tar", "tar", "tar.gz", "tar.bz2", "tar.xz", "txt.gz", "html.bz2", "json.xz")
    )
    packed: Mapping[str, Callable[[bytes], bytes]] = {
        "gz": lambda b: gzip.compress(b, mtime=0), "bz2": bz2.compress, "xz": lambda b: lzma.compress(b,
        preset=0),
    }  # fmt: skip
    if kind == "zip":
        content, near = _zip(draw), b"PK"
    elif kind.startswith("tar"):
        content, near = _tar(draw), b"ustar"
        content = sometimes(draw, 0.4, lambda b: mutate_bytes(draw, b, 4, near), content)
        content = packed[kind[4:]](content) if "." in kind else content
    else:
        content, near = packed[kind.partition(".")[2]](member(draw)), b""
    content = sometimes(draw, 0.5, lambda b: mutate_bytes(draw, b, 4, near), content)
    return Case("archive", f"a.{kind}", content)


def _zip(draw: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for _ in range(draw.randint(0, 5)):
            name = draw.choice(NAMES).encode("utf-8", "replace").decode()
            info = zipfile.ZipInfo(name or "x", draw.choice(((1980, 1, 1, 0, 0, 0), (2026, 3, 1, 6, 0, 0))))
            info.compress_type = draw.choice(
                (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
            )
            info.external_attr = draw.choice((0o644, 0o120777, 0o010644, 0o040755)) << 16
            info.comment = odd_text(draw).encode("utf-8", "replace")[:200]
            made.writestr(info, b"/etc/passwd" if info.external_attr >> 28 == 0o12 else member(draw))
    content = bytearray(out.getvalue())
    for match in re.finditer(b"PK\x01\x02", bytes(content)):
        if draw.random() < 0.1:
            content[match.start() + 8] |= 1  # the bit that says: locked with a password
    return bytes(content)


TAR_TYPES = (tarfile.REGTYPE,) * 5 + (
    tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CONTTYPE,
    tarfile.GNUTYPE_SPARSE,
)  # fmt: skip


def _tar(draw: random.Random) -> bytes:
    out = io.BytesIO()
    form = draw.choice((tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT))
    with tarfile.open(fileobj=out, mode="w", format=form, errors="surrogateescape") as made:
        for _ in range(draw.randint(0, 5)):
            info = tarfile.TarInfo(draw.choice(NAMES).replace("\0", "_"))
            info.type = draw.choice(TAR_TYPES)
            info.linkname = draw.choice(("", "/etc/passwd", "../outside/canary.txt", "a.txt"))
            content = member(draw)
            info.size = len(content) if info.isreg() else 0
            if form == tarfile.PAX_FORMAT and draw.random() < 0.3:
                odd = printable(odd_text(draw)).replace("\0", "")
                info.pax_headers = {
                    draw.choice(
                        ("size", "path", "mtime", "GNU.sparse.map", "GNU.sparse.size", "hdrcharset")
                    ): odd
                }
            try:
                made.addfile(info, io.BytesIO(content))
            except (ValueError, UnicodeError):
                continue  # a name too long, or outside what this form of archive can write
    return out.getvalue()


def backup(draw: random.Random, database: Path) -> Case:
    """A backup, its manifest changed, its warehouse damaged; sometimes with a hash that fits the damage."""
    kept = database.read_bytes()
    content = sometimes(draw, 0.4, lambda b: mutate_bytes(draw, b, 5), kept)
    known = content if draw.random() < 0.6 else kept
    rows = json.loads(database.with_suffix(".rows.json").read_text())
    manifest: Any = {"rows": rows, "bytes": len(kept), "sha256": hashlib.sha256(known).hexdigest(),
                     "made_at": "2026-03-01T06:00:00+00:00", "duckdb": "1.5.5"}  # fmt: skip
    manifest = mutate_tree(draw, manifest, draw.choice((0, 0, 1, 2)))
    written = dump(manifest).encode("utf-8", "replace")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, part in (("manifest.json", written), ("warehouse.duckdb", content)):
            info = tarfile.TarInfo(draw.choice((name,) * 12 + ("other", "../climbed", "/absolute")))
            info.size = len(part)
            made.addfile(info, io.BytesIO(part))
    return Case(
        "backup", "a.tar", sometimes(draw, 0.2, lambda b: mutate_bytes(draw, b, 2, b"ustar"), out.getvalue())
    )
