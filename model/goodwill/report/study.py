"""The report of a study: one HTML file that needs nothing else, the verdict first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodwill.plots.segments import segments_figure
from goodwill.plots.study import FEW_POINTS, convergence_figure, differences_figure
from goodwill.plots.study_factors import MOST_FACTORS, factors_figure
from goodwill.report.numbers import count
from goodwill.report.pages import templates, write_page
from goodwill.report.study_design import arms_in_words, case_rows, design_in_words, factor_rows
from goodwill.report.study_factors import factors_shown, levels_of
from goodwill.report.study_findings import Findings
from goodwill.report.study_rows import MANY_ARMS, SHOWN_POINTS, failures, outcome_rows, point_rows, sure_rows, turned
from goodwill.report.study_segments import Customers
from goodwill.report.study_verdict import confidence, discoveries, headline, lowered, sentences

if TYPE_CHECKING:
    from goodwill.lab.study.results import Results
    from goodwill.plots.style import PaperFigure


def write_study_report(results: Results, path: Path | str) -> Path:
    """Write the report to one file, all at once; returns its path. Raises `StudyError` when it cannot be written."""
    return write_page(study_html(results), Path(path))


def study_html(results: Results) -> str:
    """The whole page as text."""
    f = Findings(results)
    asked = len(results.arms) * sum(results.replications.values())
    customers = Customers(f) if "customers" in results.study.keep and f.comparable else None
    return (
        templates()
        .get_template("study.html")
        .render(
            f=f,
            r=results,
            study=results.study,
            headline=headline(f),
            sentences=sentences(f),
            confidence=confidence(f),
            done=len(results.runs),
            asked=asked,
            rows=outcome_rows(f) if not f.empty else [],
            turned=turned,
            many_arms=len(results.arms) > MANY_ARMS,
            points=point_rows(f) if len(results.points) > 1 and not f.empty else [],
            more_points=len(results.points) - SHOWN_POINTS,
            figures=_figures(f, customers),
            findings=_understanding(results) if f.comparable or not (f.empty or f.designs) else [],
            sure=sure_rows(f),
            failures=failures(f),
            customers=customers,
            label=lowered(f.label(f.outcome)),
            average=_average(f),
            command=_command(results),
            study_yaml=_yaml(results.study.to_dict()),
            design=design_in_words(results),
            factors=factor_rows(results),
            cases=case_rows(results),
            arms=arms_in_words(results),
            discoveries=discoveries(f),
            seconds=float(results.runs["seconds"].sum()),
        )
    )


def study_figure(f: Findings) -> PaperFigure:
    """The figure of `Results.plot`: what the arms bring by point; without arms to compare, what the factors change."""
    if not f.designs and not f.empty and factors_shown(f):
        return factors_figure(f)
    return differences_figure(f, note=True)


def _average(f: Findings) -> str:
    return (
        "" if len(f.results.points) == 1 else f"Averages over {count(len(f.worlds))} points, each of the same weight. "
    )


def _figures(f: Findings, customers: Customers | None) -> list[dict[str, Any]]:
    """Inline SVG, each with a caption and words for who cannot see it; wide ones take a whole line."""
    from markupsafe import Markup

    if f.empty or (f.designs and not f.comparable):
        return []
    few = len(f.results.points) == 1
    over = "over points" if f.unit_of_spread == "point" else "of the mean over worlds"
    dots = f"Dots are means, bars 95 % intervals {over}, each for itself."
    if len(f.results.points) > FEW_POINTS:
        dots = (
            "Every dot is a point of the design; the pale bar holds the middle half of them, the diamond is their average "
            "with its 95 % interval, cut off at the frame."
        )
    drawn: list[tuple[str, PaperFigure, str, bool]] = []
    if f.designs or not few:
        drawn.append(("differences", differences_figure(f, 5.0 if few else 7.4), dots, not few))
    factors = factors_shown(f)
    if factors:
        drawn.append(("factors", factors_figure(f), _factor_caption(f, factors), True))
    if f.unit_of_spread == "world" and f.even and max(f.results.replications.values()) >= 4:
        text = "The same averages as worlds were added one by one, with 95 % bands: has it settled? (The first bands are cut off.)"
        drawn.append(("settling", convergence_figure(f), text, False))
    if customers is not None:
        text = "Change of purchases, in groups formed by what they bought before the programme began."
        drawn.append(("segments", segments_figure(f, customers.by_segment), text, False))
    return [
        {"name": name, "svg": Markup(paper.svg(name)), "caption": text, "words": f"Chart. {text} {headline(f)}", "wide": wide}
        for name, paper, text, wide in drawn
    ]  # fmt: skip


def _understanding(results: Results) -> list[dict[str, Any]]:
    """What decides the outcome, when arms lose and so on, as far as the design tells: heading, words, figure."""
    from markupsafe import Markup

    from goodwill.lab.understand.explain import understanding_section

    return [
        {"title": one.title, "text": one.text, "svg": Markup(one.draw().svg(f"u-{one.name}"))}
        for one in understanding_section(results)
    ]


def _factor_caption(f: Findings, factors: list[str]) -> str:
    text = "How the difference changes with each factor, averaged over all else that was varied; the factor that moves it most first. "
    if not f.designs:
        text = text.replace("the difference", lowered(f.label(f.outcome)))
    if f.results.study.design.kind == "grid":
        text += "Bars: 95 % intervals over worlds."
    else:
        text += "Bars: 95 % intervals over the points of the sample."
    if any(levels_of(f, factor).binned for factor in factors):
        text += " Values are put into bins of about as many points each."
    if len(factors) > MOST_FACTORS:
        text += f" {len(factors) - MOST_FACTORS} factors that move it less are not shown."
    return text


def _command(results: Results) -> str:
    """The command that runs the study again."""
    command = results.manifest["sessions"][-1].get("command")
    return str(command or f"goodwill study resume {results.folder}")


def _yaml(content: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
