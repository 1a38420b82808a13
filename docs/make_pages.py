"""Render the pages of the documentation as HTML with their equations, for reading and printing without a network.

    python docs/make_pages.py [FOLDER]      default: build/docs

Equations are written in TeX between dollar signs and become MathML, which browsers draw themselves; links between pages lead to the
rendered ones. An equation that cannot be rendered stops the work with its page and text.
"""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
_STYLE = """
body { margin: 0 auto; padding: 2rem 1.2rem 4rem; max-width: 60rem; font: 1rem/1.55 system-ui, sans-serif; color: #1c1f23; }
h2 { margin-top: 2.4rem; border-bottom: 1px solid #d9dde2; } h3 { margin-top: 1.8rem; }
table { border-collapse: collapse; font-size: .88rem; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #d9dde2; text-align: left; vertical-align: top; }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85em; }
pre { background: #f5f6f8; padding: .8rem 1rem; overflow-x: auto; }
math[display="block"] { margin: 1rem 0; }
a { color: #0b5a94; }
"""


class EquationError(ValueError):
    """An equation that cannot be rendered."""


def _mathml(page: Path) -> Any:
    def render(text: str, options: dict[str, Any]) -> str:
        try:
            return convert(text, display="block" if options.get("display_mode") else "inline")
        except Exception as error:  # the converter raises many kinds
            raise EquationError(
                f"{page.relative_to(ROOT)}: the equation {text.strip()!r} cannot be rendered"
            ) from error

    return render


def _to_page(match: re.Match[str]) -> str:
    return f'href="{match.group(1)}.html{match.group(2)}"'


def render(page: Path) -> str:
    """One page as HTML; raises EquationError for an equation that cannot be rendered."""
    parser = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    parser.use(dollarmath_plugin, renderer=_mathml(page), allow_digits=False).use(anchors_plugin, max_level=4)
    body = parser.render(page.read_text(encoding="utf-8"))
    body = re.sub(r'href="(?!\w+://)([^"#]+)\.md(#[^"]*|)"', _to_page, body)
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    name = html.escape(re.sub(r"<[^>]+>", "", title.group(1))) if title else page.stem
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n{body}</body></html>\n"
    )


def pages() -> list[Path]:
    """All pages of the documentation."""
    return sorted(DOCS.rglob("*.md"))


def main() -> int:
    """Render all pages into a folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "docs"
    for page in pages():
        target = folder / page.relative_to(DOCS).with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render(page), encoding="utf-8")
    print(f"rendered {len(pages())} pages; begin with {folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
