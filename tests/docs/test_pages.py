"""The pages of the documentation can be rendered, equations included."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _make_pages() -> Any:
    spec = importlib.util.spec_from_file_location("make_pages", ROOT / "docs" / "make_pages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages = _make_pages()


@pytest.mark.parametrize("page", pages.pages(), ids=lambda page: page.stem)
def test_every_page_renders(page: Path) -> None:
    text = pages.render(page)
    assert "<h1" in text
    source = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert text.count('<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"') == source.count("$$") // 2


def test_the_model_is_described_in_equations() -> None:
    assert pages.render(ROOT / "docs" / "odd.md").count("<math") > 20


def test_an_equation_that_cannot_be_rendered_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n$$x_a_b$$\n", encoding="utf-8")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    with pytest.raises(pages.EquationError, match=r"page\.md: the equation"):
        pages.render(page)
