"""An explanation as a page: one file that loads nothing and runs nothing; everything in it is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ingest.commands.article_page import STYLE, content_digest
from ingest.commands.evidence import Account


def evidence_page(account: Account) -> str:
    """Return the page as HTML."""
    style = STYLE.read_text("utf-8")
    policy = f"default-src 'none'; style-src '{content_digest(style)}'"
    version = f" · data {escape(account.version)}" if account.version else ""
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(account.title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<header>",
            f"<h1>{escape(account.title)}</h1>",
            f'<p class="about">{escape(account.kind)} {escape(account.entity_id)}{version}</p>',
            "</header>\n<main>",
            f'<section class="known">{"".join(_known(account))}</section>',
            f'<section class="evidence"><h2>Claims: {len(account.claims)}</h2>',
            f"{''.join(_cards(account))}</section>\n</main>",
            "<footer>Read by machine: every field says only what the quoted words say. A wrong one is mended "
            "by a row in seeds/reviews, or by a better rule.</footer>\n</body>\n</html>\n",
        )
    )


def _known(account: Account) -> Iterator[str]:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}"
        + (f'<br><span class="words">{escape(why)}</span>' if why else "")
        + "</dd>"
        for name, value, why in account.facts
    )
    yield f'<dl class="fields">{rows}</dl>'
    for heading, lines in account.tables:
        yield f"<h2>{escape(heading)}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
    if account.rules:
        items = "".join(f'<li value="{number}">{escape(text)}</li>' for number, text in account.rules)
        yield f"<h2>Rules at work</h2><ol>{items}</ol>"


def _cards(account: Account) -> Iterator[str]:
    for number, claim in enumerate(account.claims, 1):
        rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in claim.details)
        yield (
            f'<div class="card k-{escape(claim.kind)}"><h2>{number}. {escape(claim.headline)}</h2>'
            f'<span class="status">{escape(claim.weight)}</span>'
            f"<blockquote>{escape(claim.quote)}</blockquote>"
            f'<p class="about">{escape(claim.source)}</p><dl class="fields">{rows}</dl></div>'
        )
