"""A folder of good articles among all that a stranger could put beside them."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

MEBIBYTE = 1 << 20
ZEROS = 300 * MEBIBYTE
GOOD = "Shelling killed {number} civilians in Taiz on Wednesday, a hospital official said."
ODD_NAME = "i_name\nwith \"quotes\" and 'more'.txt"
NUMBERS = {
    "a_first.txt": 11, "b_utf16.txt": 12, "c_latin1.txt": 13, "d_page.html": 14, "e_object.json": 15,
    "f_lines.jsonl": 16, "g_packed.zip": 17, "h_packed.txt.gz": 18, ODD_NAME: 19, "j_scripted.html": 20,
    "k_linked_target.txt": 21, "z_last.txt": 22,
}  # fmt: skip
"""Each good article's number of dead, by which it is known again; the file's name says what it is."""
INJECTION = "'); drop table raw.articles; --"


def good(name: str) -> str:
    """Return the text of a good article."""
    return GOOD.format(number=NUMBERS[name])


def make_hostile_folder(folder: Path, outside: Path) -> Mapping[str, str]:
    """Fill `folder`; return the reason code that each bad part must be rejected with, by its location.

    `outside` is a folder beside it, with a file that nothing in `folder` may lead to.
    """
    folder.mkdir(parents=True)
    outside.mkdir(parents=True)
    (outside / "secret.txt").write_text("A secret: 999 died in a place that is not in the folder.", "utf-8")
    _good(folder)
    return _bad_text(folder) | _bad_packed(folder) | _bad_links(folder, outside)


def _good(folder: Path) -> None:
    for name in (
        "a_first.txt",
        "z_last.txt",
        "k_linked_target.txt",
        "i_name\nwith \"quotes\" and 'more'.txt",
    ):
        (folder / name).write_text(good(name), "utf-8")
    (folder / "b_utf16.txt").write_bytes(good("b_utf16.txt").encode("utf-16"))
    (folder / "c_latin1.txt").write_bytes(f"Café “Déjà vu”. {good('c_latin1.txt')}".encode("cp1252"))
    head = "<!doctype html><html><head><title>Market</title>{}</head>"
    page = head + "<body><article><p>{}</p>{}</article></body></html>"
    more = (
        "<p>Residents carried the wounded to the clinic on carts, because the road to the town was cut.</p>"
        * 3
    )
    (folder / "d_page.html").write_text(page.format("", good("d_page.html"), more), "utf-8")
    script = f"<script>fetch('/steal?' + document.cookie) // {INJECTION}</script>"
    attack = f'<p onclick="alert(1)">He said: {INJECTION} &lt;script&gt;alert(2)&lt;/script&gt;</p>'
    (folder / "j_scripted.html").write_text(
        page.format(script, good("j_scripted.html"), attack + script + more), "utf-8"
    )
    value = {"id": "object", "text": good("e_object.json"), "title": INJECTION}
    (folder / "e_object.json").write_text(json.dumps(value), "utf-8")
    with zipfile.ZipFile(folder / "g_packed.zip", "w") as archive:
        archive.writestr("inner.txt", good("g_packed.zip"))
        archive.writestr("../climbed.txt", "It climbed out: 998 died.")
        archive.writestr("/tmp/absolute.txt", "It is absolute: 997 died.")  # noqa: S108
    (folder / "h_packed.txt.gz").write_bytes(gzip.compress(good("h_packed.txt.gz").encode()))


def _bad_text(folder: Path) -> dict[str, str]:
    line = json.dumps({"id": "line", "text": good("f_lines.jsonl")})
    with (folder / "f_lines.jsonl").open("w", encoding="utf-8") as lines:
        lines.write(f"{line}\n")
        lines.write('{"id": "half", "text": "Half a li\n')
        lines.write('{"id": "long", "text": "')
        for _ in range(50):
            lines.write("x" * MEBIBYTE)
        lines.write('"}\n[1, 2]\n')
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 400)
    (folder / "nul.txt").write_bytes(b"The text broke\0\0off, and \0 came.")
    (folder / "mixed.txt").write_bytes(
        "Überfall – «früh»".encode() * 9 + "Überfall früh".encode("latin-1") * 9
    )
    (folder / "brackets.json").write_text("[" * 200_000, "utf-8")
    (folder / "braces.jsonl").write_text('{"a":' * 200_000, "utf-8")
    (folder / "nested.html").write_text("<div>" * 100_000 + "x" + "</div>" * 100_000, "utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l11;</x>'
    (folder / "entities.xml").write_text(bomb, "utf-8")
    (folder / "entities.html").write_text(bomb, "utf-8")
    return {
        "f_lines.jsonl:2": "bad_json", "f_lines.jsonl:3": "too_large", "f_lines.jsonl:4": "bad_json",
        "empty.txt": "empty", "binary.txt": "binary", "nul.txt": "binary", "mixed.txt": "broken_encoding",
        "brackets.json#1": "nested_too_deep", "braces.jsonl:1": "nested_too_deep", "nested.html": "bad_html",
        "entities.xml": "unknown_type", "entities.html": "no_text",
    }  # fmt: skip


def _bad_packed(folder: Path) -> dict[str, str]:
    zeros = bytes(MEBIBYTE)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros.txt", "w", force_zip64=True) as member:
            for _ in range(ZEROS // MEBIBYTE):
                member.write(zeros)
        archive.writestr("after.txt", "What stands after the zeros is lost with them.")
    with gzip.open(folder / "bomb.txt.gz", "wb") as packed:
        for _ in range(ZEROS // MEBIBYTE):
            packed.write(zeros)
    with tarfile.open(folder / "links.tar", "w") as archive:
        link = tarfile.TarInfo("passwd.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        climber = tarfile.TarInfo("../../climbed_too.txt")
        climber.size = 5
        archive.addfile(climber, io.BytesIO(b"99 xx"))
    (folder / "damaged.zip").write_bytes((folder / "bomb.zip").read_bytes()[:5000])
    return {
        "bomb.zip": "archive_bomb", "bomb.txt.gz": "archive_bomb", "damaged.zip": "damaged_archive",
        "links.tar/passwd.txt": "not_a_file", "../climbed_too.txt": "outside_folder",
        "climbed.txt": "outside_folder", "/tmp/absolute.txt": "outside_folder",  # noqa: S108
    }  # fmt: skip


def _bad_links(folder: Path, outside: Path) -> dict[str, str]:
    (folder / "link_outside.txt").symlink_to(outside / "secret.txt")
    (folder / "link_folder").symlink_to(outside)
    (folder / "link_circle_a.txt").symlink_to(folder / "link_circle_b.txt")
    (folder / "link_circle_b.txt").symlink_to(folder / "link_circle_a.txt")
    (folder / "link_self").symlink_to(folder)
    (folder / "link_nowhere.txt").symlink_to(folder / "nowhere.txt")
    (folder / "link_inside.txt").symlink_to(folder / "k_linked_target.txt")
    return {
        "link_outside.txt": "outside_folder", "link_folder": "outside_folder",
        "link_circle_a.txt": "broken_link", "link_circle_b.txt": "broken_link",
        "link_self": "linked_folder", "link_nowhere.txt": "broken_link",
    }  # fmt: skip
