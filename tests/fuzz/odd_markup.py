"""What stands in hostile pages and feeds: doors that parsers may open, and elements left open."""

from __future__ import annotations

import re

from tests.fuzz.mutate import TRAP

CANARY_FILE = "../outside/canary.txt"
DOCTYPES = (
    f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:{CANARY_FILE}">]>',
    f'<!DOCTYPE x [<!ENTITY e SYSTEM "{TRAP}">]>',
    f'<!DOCTYPE x SYSTEM "{TRAP}">',
    f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{TRAP}"> %p;]>',
    f'<?xml-stylesheet href="{TRAP}" type="text/xsl"?>',
    "<!DOCTYPE x [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 9}">' for n in range(1, 12)) + "]>",
    '<?xml version="1.1" encoding="utf-7"?>', '<?xml version="1.0" encoding="ebcdic-cp-us"?>',
    "<!DOCTYPE html>",
)  # fmt: skip
INCLUDES = (
    f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{CANARY_FILE}" parse="text"/>',
    f'<link rel="stylesheet" href="{TRAP}"/>', f'<img src="{TRAP}"/>',
    f'<iframe src="file:{CANARY_FILE}"></iframe>',
    f'<base href="{TRAP}"/>', f'<meta http-equiv="refresh" content="0;url={TRAP}"/>', "&e;", "&l11;",
    "&#0;", "&#xD800;",
    "<![CDATA[", "]]>", "<!--", "-->", "<", "</", "<a", 'x="', "<title>", "<script>", "</script>",
    "<textarea>", "<svg>",
    "<table><tr><td>", "<p>", "</p>", "</div>", "<template>", "<math>",
    "<time itemprop=datePublished datetime=2016-02-31>",
    '<script type="application/ld+json">{"@graph": [[{"datePublished": "x"}], 1]}</script>',
    "<meta charset=utf-16>",
    '<meta charset="zlib">', '<html lang="">', "<frameset>", '<meta name="date" content="9999-99-99">',
    "<![if !IE]>",
)  # fmt: skip


def printable(written: str) -> str:
    """Return the text without what XML cannot hold, so that damage elsewhere is met too."""
    return re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd]", "?", written)
