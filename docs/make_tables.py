"""Write the tables of the documentation from the code, between their markers.

    python docs/make_tables.py            write them
    python docs/make_tables.py --check    say which are stale; exit code 1 if any is

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`. A test runs the check.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
RESULTS = ROOT / "results"
_MARKED = re.compile(r"(<!-- table: (?P<name>[\w. -]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def _cell(value: Any) -> str:
    return str(value).replace(" | ", " or ").replace("|", "\\|").replace("\n", " ")


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _default(row: dict[str, Any]) -> str:
    value = row["default"]
    if value is None:
        return "(empty)"
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value == "" else f"{value}"


def _parameters(rows: Iterable[dict[str, Any]], prefix: str = "") -> str:
    from goodwill.scenario.declared import bounds_in_words

    columns = ("key", "meaning", "unit", "bounds", "default", "source")
    return _table(
        columns,
        (
            (
                f"`{row['key'].removeprefix(prefix)}`", row["meaning"], row["unit"],
                bounds_in_words(row["low"], row["high"]), _default(row), row["source"],
            )
            for row in rows
        ),
    )  # fmt: skip


def _rows_of(prefix: str) -> list[dict[str, Any]]:
    """Parameters whose key begins with this; for 'scenario', those at the top level."""
    from goodwill.programmes.catalogue import kinds
    from goodwill.scenario.table import ANY_PROGRAMME, parameter_rows

    programmes = {ANY_PROGRAMME, *kinds()}
    rows = [row for row in parameter_rows() if prefix == ANY_PROGRAMME or row["key"].split(".")[0] not in programmes]
    if prefix == "scenario":
        return [row for row in rows if "." not in row["key"]]
    return [row for row in rows if row["key"].startswith(prefix + ".")]


def own_kinds() -> dict[str, Any]:
    """The programmes that come with goodwill; examples that were run before do not count."""
    from goodwill.programmes.catalogue import kinds

    return {kind: cls for kind, cls in kinds().items() if cls.__module__.startswith("goodwill.")}


def programmes() -> str:
    """One section for each kind of programme: what it is, sources, levers."""
    from goodwill.programmes.base import Programme
    from goodwill.scenario.table import parameter_rows

    parts = []
    for kind, cls in own_kinds().items():
        assert issubclass(cls, Programme)
        rows = [row for row in parameter_rows() if row["key"].startswith(kind + ".")]
        head = f"## `{kind}`: {cls.summary}\n\n`goodwill.{cls.__name__}`. {inspect.getdoc(cls)}\n\n"
        about = (
            f"Sources: {'; '.join(cls.sources)}. Scaled to a budget by: {', '.join(cls.budget_levers) or 'nothing'}.\n"
        )
        parts.append(head + about + "\n" + _parameters(rows, kind + "."))
    return "\n\n".join(parts)


def strategies() -> str:
    """One section for each strategy: what it does, sources, levers, parameters."""
    from goodwill.scenario.table import parameter_rows
    from goodwill.strategies.catalogue import kinds

    parts = []
    for kind, cls in kinds().items():
        if not cls.__module__.startswith("goodwill."):
            continue
        rows = [row for row in parameter_rows() if row["key"].startswith(kind + ".")]
        moves = ", ".join(f"{lever} ({low:g} to {high:g})" for lever, (low, high) in cls.moves.items()) or "nothing"
        reads = ", ".join(f"`{name}`" for name in cls.observes) or "nothing"
        about = f"Sources: {'; '.join(cls.sources)}.\n\nMoves: {moves}. Reads: {reads}.\n"
        table = "\n" + _parameters(rows, kind + ".") if rows else ""
        parts.append(f"## `{kind}`: {cls.summary}\n\n{inspect.getdoc(cls)}\n\n{about}{table}")
    return "\n\n".join(parts)


def templates() -> str:
    """Every ready programme: what it is, for which market, sources."""
    from goodwill.programmes.templates import template, template_names

    ready = [template(name) for name in template_names()]
    rows = [(f"`{t.name}`", t.description, t.market, "; ".join(t.sources)) for t in ready]
    return _table(("template", "what it is", "market", "sources"), rows)


def rules() -> str:
    """Every rule a user may replace, by subject."""
    from goodwill.engine.jit import python_function
    from goodwill.rules.registry import rules as all_rules

    parts: dict[str, list[tuple[str, str, str]]] = {}
    for name, function in all_rules().items():
        plain = python_function(function)
        arguments = ", ".join(inspect.signature(plain).parameters)
        text = (inspect.getdoc(plain) or "").split("\n\n")[0].replace("\n", " ").replace("``", "`")
        parts.setdefault(plain.__module__.split(".")[-1], []).append((f"`{name}`", f"`{arguments}`", text))
    tables = []
    for module, rows in parts.items():
        file = f"[rules/{module}.py](../model/goodwill/rules/{module}.py)"
        tables.append(
            f"## {module.replace('_', ' ')}\n\n{file}\n\n" + _table(("rule", "arguments", "what it says"), rows)
        )
    return "\n\n".join(tables)


def order() -> str:
    """The order of the period, as the code prints it."""
    from goodwill.simulation import ORDER_OF_THE_PERIOD

    return "```text\n" + ORDER_OF_THE_PERIOD + "```"


def draws() -> str:
    """Every named draw and its place."""
    import goodwill.measures.orders  # noqa: F401  names a draw of its own
    from goodwill.engine.draws import named_draws

    return _table(("draw", "stream", "word"), ((name, *place) for name, place in named_draws().items()))


def outcomes() -> str:
    """Outcomes of a comparison."""
    from goodwill.lab.outcomes import OUTCOMES

    units = {"money": "currency a year", "balance": "currency"}
    rows = [(f"`{name}`", label, units.get(unit, unit), text) for name, (label, unit, text) in OUTCOMES.items()]
    return _table(("name", "label", "unit", "what it is"), rows)


def accounts() -> str:
    """Accounts of the ledger."""
    from goodwill.accounts.ledger import ACCOUNTS, PROGRAMME_ACCOUNTS, REVENUE_ACCOUNTS

    def groups(name: str) -> str:
        found = [
            word
            for word, group in (("revenue", REVENUE_ACCOUNTS), ("programme cost", PROGRAMME_ACCOUNTS))
            if name in group
        ]
        return ", ".join(found)

    return _table(
        ("account", "what it holds", "counts in"), ((name, text, groups(name)) for name, text in ACCOUNTS.items())
    )


def presets() -> str:
    """Presets, with their size and description."""
    from goodwill.scenario.presets import preset_names
    from goodwill.scenario.scenario import Scenario

    rows = []
    for name in preset_names():
        scenario = Scenario.preset(name)
        size = f"{len(scenario.firms)} firms, {scenario.periods} {scenario.period}s"
        rows.append((f"`{name}`", scenario.kind, size, scenario.description.strip()))
    return _table(("preset", "kind", "size", "what it is"), rows)


def concepts(group: str) -> str:
    """The systems of one group, with links to code and tests."""
    from goodwill.concepts import concepts as all_concepts

    def code(files: Sequence[str]) -> str:
        return ", ".join(f"[{Path(file).stem}](../model/goodwill/{file})" for file in files)

    def test(place: str) -> str:
        file, _, function = place.partition("::")
        return f"[{function or Path(file).stem}](../{file})" if file else ""

    rows = []
    for c in all_concepts():
        if c.group == group:
            keys = ", ".join(f"`{key}`" for key in c.keys)
            state = f"{c.state}: {c.missing}" if c.missing else c.state
            seen = f"`{c.preset}`" if c.preset else ""
            rows.append((c.id, f"**{c.system}.** {c.line}", state, keys, code(c.code), test(c.test), seen))
    return _table(("id", "system", "state", "keys", "code", "test of its effect", "best seen in"), rows)


def four_designs() -> str:
    """What the experiment `four-designs` found, from its stored summary."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted((RESULTS / "four-designs").glob("*.json"))]
    found = [content for content in found if isinstance(content, dict) and "summary" in content]
    if not found:
        return "*(The result appears here once it is stored in `results/four-designs/`.)*"
    content = found[0]
    value = {(row["arm"], row["outcome"]): row for row in content["summary"]}
    unit = content.get("currency") or "money"

    def money(row: dict[str, Any], column: str) -> str:
        return f"{row[column]:+,.0f}".replace("-", "−")

    rows = []
    for arm in (arm for arm in content["arms"] if arm != content["baseline"]):
        gain, kept = value[arm, "incremental_profit"], value[arm, "retention"]
        rows.append(
            (
                arm,
                f"{money(gain, 'mean')} ({money(gain, 'low')} to {money(gain, 'high')})",
                money(value[arm, "revenue"], "difference"),
                f"{100 * kept['difference']:+.2f} points".replace("-", "−"),
                f"{100 * value[arm, 'anyway']['mean']:.0f} %",
            )
        )
    columns = ("design", "profit a year (95 % interval)", "revenue a year", "retention", "given anyway")
    about = f"Against doing nothing, brand {content['firm']}, {content['provenance']['replications']} replications"
    budget = f", each design at a yearly cost of about {content['budget']:,.0f}" if content.get("budget") else ""
    return f"{_table(columns, rows)}\n\n{about}{budget}; {unit}."


def experiments() -> str:
    """Every experiment: its question, and the first paragraph of its answer as it stands in its README."""
    from goodwill.lab.experiment import BEGIN, END

    rows = []
    for readme in sorted((ROOT / "experiments").glob("*/README.md")):
        text = readme.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        answer = text.partition(BEGIN)[2].partition(END)[0].strip().split("\n\n")[0]
        if (readme.parent / "answer.py").is_file():
            rows.append((f"[{title}]({readme.parent.name}/README.md)", answer))
    return _table(("question", "answer"), rows)


def validation() -> str:
    """How the presets meet the criteria of agreement with their real categories, from results/validation."""
    import csv

    found: dict[str, list[dict[str, str]]] = {}
    for file in sorted((RESULTS / "validation").glob("criteria-*.csv")):
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        found[file.stem.removeprefix("criteria-").replace("-", " ")] = list(csv.DictReader(lines))
    rows = []
    for criteria in zip(*found.values(), strict=True):
        unit = ", in standard errors" if "standard errors" in criteria[0]["criterion"] else ""
        absolute = unit or not any(word in criteria[0]["criterion"] for word in ("relative",))

        def shown(text: str, absolute: Any = absolute, unit: str = unit) -> str:
            value = abs(float(text))
            return f"{value:.1f}" if unit else (f"{value:.3f}" if absolute else f"{100 * value:.1f} %")

        cells = [shown(row["error"]) + ("" if row["met"] == "True" else " (missed)") for row in criteria]
        rows.append((criteria[0]["criterion"], *cells, shown(criteria[0]["bound"])))
    return _table(("error in", *found, "bound"), rows)


def study_keys(part: str) -> str:
    """The keys of a part of a study file."""
    from goodwill.lab.study import declared as parts
    from goodwill.lab.study.study import Study
    from goodwill.scenario.declared import bounds_in_words, declared

    model: Any = Study if part == "study" else getattr(parts, part)
    rows = []
    for key in declared(model):
        name = model.model_fields[key.key].alias or key.key
        plain = isinstance(key.default, str | int | float | bool)
        default = "required" if key.required else (_default({"default": key.default}) if plain else "")
        rows.append((f"`{name}`", key.meaning, bounds_in_words(key.low, key.high), default))
    return _table(("key", "meaning", "bounds", "default"), rows)


def tables() -> dict[str, Callable[[], str]]:
    """Every table by the name in its marker."""
    found: dict[str, Callable[[], str]] = {
        "order of the period": order, "programmes": programmes, "templates": templates,
        "rules": rules, "draws": draws, "outcomes": outcomes,
        "accounts": accounts, "presets": presets, "four designs": four_designs, "validation": validation,
        "experiments": experiments,
    }  # fmt: skip
    found["strategies"] = strategies
    from goodwill.scenario.behaviour import Behaviour

    for group in "ABC":
        found[f"concepts {group}"] = lambda group=group: concepts(group)
    sections = ["scenario", "population", "network", "firms", "measurement", "changes", "programme"]
    sections += [f"behaviour.{name}" for name in Behaviour.model_fields]
    for name in sections:
        prefix = f"{name}." if name != "scenario" else ""
        found[f"parameters {name}"] = lambda name=name, prefix=prefix: _parameters(_rows_of(name), prefix)
    for part in ("study", "Factor", "Design", "Case", "Outcome", "Precision"):
        found[f"study keys {part}"] = lambda part=part: study_keys(part)
    found["parameters strategy"] = lambda: _parameters(_rows_of("strategy"), "strategy.")
    found["parameters behaviour"] = lambda: _parameters(_rows_of("behaviour"))
    return found


def rewritten(text: str) -> str:
    """A page with all its marked tables as they should be. Raises KeyError for a table that does not exist."""
    known = tables()
    return _MARKED.sub(lambda m: m.group(1) + "\n" + known[m.group("name")]() + "\n\n" + m.group(3), text)


def pages() -> list[Path]:
    """All pages with marked tables."""
    every = [ROOT / "README.md", ROOT / "experiments" / "README.md", *sorted(DOCS.rglob("*.md"))]
    return [page for page in every if "<!-- table: " in page.read_text(encoding="utf-8")]


def stale() -> list[Path]:
    """Pages whose tables are not what the code says."""
    return [page for page in pages() if rewritten(text := page.read_text(encoding="utf-8")) != text]


def main() -> int:
    """Write the tables, or with --check say which pages are stale."""
    found = stale()
    for page in found:
        if "--check" in sys.argv:
            print(f"{page.relative_to(ROOT)}: stale; run python docs/make_tables.py")
        else:
            page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
            print(f"wrote {page.relative_to(ROOT)}")
    return 1 if found and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
