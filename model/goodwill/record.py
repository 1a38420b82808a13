"""What a run leaves behind: tidy tables of firms, market, customers, programmes, money and purchases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from goodwill.accounts.credits import programme_table
from goodwill.accounts.ifrs15 import ifrs15_table
from goodwill.accounts.ledger import REVENUE_ACCOUNTS, ledger_table, post
from goodwill.engine.components import COMPONENTS, PARTS
from goodwill.engine.state import CAUSES, COMPLAINTS_BY_OUTCOME, FIRM_TOTALS, MARKET_TOTALS, PURCHASE_COLUMNS, STAGES
from goodwill.engine.steps.record import terms_of_everybody
from goodwill.errors import GoodwillError
from goodwill.measures.choices import choice_table
from goodwill.measures.conduct import conduct_table
from goodwill.provenance import provenance
from goodwill.rules.registry import compile_rules
from goodwill.scenario.encounter import VALUE_COMPONENTS
from goodwill.simulation import Simulation

if TYPE_CHECKING:
    from goodwill.trace import Trace

_THOUSANDTHS = ("quantity", "experience", "expectation", "satisfaction", "restored")
_MEANS = ("experience", "expectation", "satisfaction")


@dataclass(frozen=True)
class Record:
    """The tables of one run, built when they are first asked for.

    Make one with `Market.run` or `Record.of`. Money is in currency units, time in periods, satisfaction and service in points.
    """

    simulation: Simulation
    rows: np.ndarray | None = field(default=None, repr=False)  # purchases on record, columns PURCHASE_COLUMNS
    file: Path | None = None  # where purchases went instead

    @classmethod
    def of(cls, simulation: Simulation, purchases: Any = None) -> Record:
        """The record of a simulation up to its present period; `purchases`: a sink that kept rows, or a Parquet sink."""
        rows = getattr(purchases, "rows", None)
        return cls(simulation, rows() if callable(rows) else rows, getattr(purchases, "path", None))

    @property
    def scenario(self) -> Any:
        """The scenario that was run."""
        return self.simulation.scenario

    @property
    def periods(self) -> int:
        """Periods simulated so far."""
        return self.simulation.period

    @property
    def names(self) -> list[str]:
        """Names of the firms."""
        return [f.name for f in self.scenario.firms]

    @cached_property
    def book(self) -> dict[str, np.ndarray]:
        """Postings [period, firm] in cents by account."""
        return post(self.simulation.plan, self.simulation.totals, self.periods)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Every posting: period, firm, account, amount (income positive)."""
        return ledger_table(self.book, self.names)

    @cached_property
    def firms(self) -> pd.DataFrame:
        """Period x firm.

        purchases, buyers (customers who bought in the period), quantity, sales; share (of purchases in the period); price, service;
        repeat_rate (of purchases whose previous purchase in the category was at this firm: those at it again - numerator
        `repeats`, denominator `repeat_base`); window_base and retained (at the end of each measuring window: buyers of the
        window before, and those of them who bought again in this one; retention is their ratio, else missing); under contract,
        subscribers at the end, left_* by cause and retention = 1 - left / subscribers before; means of experience, expectation and
        satisfaction at purchases and satisfaction_index c = experience / expectation; talk; aware (customers present
        at the end who know the firm); members; revenue, profit, liability.
        """
        data = self.simulation.totals.firms[: self.periods]
        periods, firms = data.shape[:2]
        table = pd.DataFrame(
            {
                "period": np.repeat(np.arange(periods), firms),
                "firm": np.tile(np.array(self.names, object), periods),
            }
        )
        for x, name in enumerate(FIRM_TOTALS):
            values = data[:, :, x].reshape(-1)
            table[name] = values / 1000 if name in _THOUSANDTHS else values
        for name in ("sales", "line_sales", "service_cost"):
            table[name] = table[name] / 100
        purchases = table["purchases"].to_numpy()
        with np.errstate(invalid="ignore", divide="ignore"):
            for name in _MEANS:
                table[name] = np.where(purchases > 0, table[name] / purchases, np.nan) if self._on(name) else np.nan
            table["satisfaction_index"] = table["experience"] / table["expectation"]
            table["share"] = purchases / table.groupby("period")["purchases"].transform("sum").to_numpy()
            table["repeat_rate"] = (table["repeats"] / table["repeat_base"]).to_numpy()
            table["retention"] = (table["retained"] / table["window_base"]).to_numpy()
        left = table[["left_natural", "left_malicious", "left_competitive", "left_fault"]].sum(axis=1)
        table["left"] = left
        if self.scenario.kind == "contract":
            before = table.groupby("firm", sort=False)["subscribers"].shift(1)
            table["retention"] = 1 - left / before
        levers = self.simulation.plan.levers
        table["price"] = levers.price[:periods].reshape(-1).astype(np.float64) / 100
        table["service"] = levers.service[:periods].reshape(-1).astype(np.float64)
        table["members"] = self.by_firm("members")
        table["liability"] = self.by_firm("liability")
        table["revenue"] = sum(self.book[a] for a in REVENUE_ACCOUNTS).reshape(-1) / 100  # type: ignore[union-attr]
        table["profit"] = sum(self.book.values()).reshape(-1) / 100  # type: ignore[union-attr]
        return table

    def _on(self, name: str) -> bool:
        behaviour = self.scenario.behaviour
        if name == "satisfaction":
            return bool(behaviour.satisfaction.on)
        return bool(behaviour.satisfaction.on or behaviour.expectation.on or behaviour.commitment.on)

    def by_firm(self, column: str) -> np.ndarray:
        """A column of the programmes' table summed by period and firm, in the order of the firms' table."""
        total = np.zeros((self.periods, len(self.names)))
        for j, name in enumerate(self.names):
            part = self.programmes[self.programmes["firm"] == name]
            if len(part):
                total[:, j] = part.groupby("period")[column].sum().to_numpy()
        return total.reshape(-1)

    @cached_property
    def referrals(self) -> pd.DataFrame:
        """Period x firm: the funnel of recommendations; see `goodwill.measures.referrals`."""
        from goodwill.measures.referrals import referral_table

        return referral_table(self)

    @cached_property
    def market(self) -> pd.DataFrame:
        """By period: trips made, customers present, arrived and left; purchases, quantity, sales, revenue and profit of all firms."""
        data = self.simulation.totals.market[: self.periods]
        table = pd.DataFrame({"period": np.arange(self.periods)})
        for x, name in enumerate(MARKET_TOTALS):
            table[name] = data[:, x]
        sums = self.firms.groupby("period")[["purchases", "quantity", "sales", "revenue", "profit"]].sum()
        return table.join(sums.reset_index(drop=True))

    @cached_property
    def programmes(self) -> pd.DataFrame:
        """Period x programme: see `goodwill.accounts.credits.programme_table`."""
        return programme_table(self.simulation.plan, self.simulation.totals, self.names, self.periods)

    @cached_property
    def ifrs15(self) -> pd.DataFrame:
        """Period x programme: deferral and release of revenue from credits; see `goodwill.accounts.ifrs15.ifrs15_table`."""
        simulation = self.simulation
        year = self.scenario.periods_per_year
        return ifrs15_table(simulation.plan, simulation.totals, self.names, self.periods, periods_per_year=year)

    @cached_property
    def choices(self) -> pd.DataFrame:
        """Who chose what, when, why, and what it earned: see `goodwill.measures.choices.choice_table`."""
        return choice_table(self.simulation, self.firms)

    @cached_property
    def measured(self) -> pd.DataFrame:
        """What firms' instruments delivered, beside the truth: period, firm, instrument, figure, measured, standard_error (as the
        firm reckons it), answers, true, error (measured - true), cost.
        """
        return conduct_table(self.simulation, "waves")

    @cached_property
    def workforce(self) -> pd.DataFrame:
        """Period x firm with a workforce: what employees received, expected and the surplus; satisfaction, turnover (share a
        period), skill; service (points by which the next period departs from plan); pay, climate_cost, training_cost, recruiting.
        """
        return conduct_table(self.simulation, "people")

    @cached_property
    def budget(self) -> pd.DataFrame:
        """Period x firm with a budget: programmes (taken out first), then money by purpose, and what it gave."""
        return conduct_table(self.simulation, "spending")

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Customer x firm at the end, true states; a state whose mechanism is off is missing (NaN).

        purchases and spent over the whole run; taste (ln), habit, expectation, uncertainty, ideal, satisfaction, commitment, opinion;
        match (points by which the firm suits him better than others); stage of the relationship and contacts before the first
        purchase; lines (extra ones bought), margin (paid less cost of goods) and cost_to_serve so far; last_purchase (period, -1
        never); aware, left (for good) and cause; member, credits, rewards over the firm's programmes;
        need (trips per period), present, arrival and exit are the customer's own.
        """
        c, m = self.simulation.population.customers, self.simulation.population.members
        n, firms = self.scenario.customers, len(self.names)

        def flat(array: np.ndarray) -> np.ndarray:
            return array.T.reshape(-1) if array.shape[1] else np.full(n * firms, np.nan, np.float32)

        each = np.arange(firms)
        table = pd.DataFrame(
            {
                "customer": np.repeat(np.arange(n, dtype=np.int64), firms),
                "firm": _named(np.tile(each, n), self.names),
                "purchases": flat(c.visits),
                "spent": flat(c.spent) / 100,
            }
        )
        for name in (
            "taste", "habit", "expectation", "uncertainty", "ideal", "satisfaction", "commitment", "opinion",
            "delivered", "trust", "unfairness", "grievance", "failures",
        ):  # fmt: skip
            table[name] = flat(getattr(c, name))
        table["stage"] = _named(flat(c.stage), STAGES) if c.stage.shape[1] else pd.Categorical([None] * len(table))
        table["contacts"] = flat(c.contacts)
        table["lines"], table["match"] = flat(c.lines), flat(c.match)
        table["margin"], table["cost_to_serve"] = flat(c.margin) / 100, flat(c.served) / 100
        table["last_purchase"] = np.where(flat(c.visits) > 0, flat(c.last_bought), -1)
        table["aware"] = ((c.aware[:, None] >> each) & 1).astype(bool).reshape(-1)
        table["left"] = ((c.gone[:, None] >> each) & 1).astype(bool).reshape(-1)
        table["cause"] = _named(flat(c.cause), CAUSES)
        member = np.zeros((n, firms), bool)
        credits, rewards = np.zeros((n, firms), np.int64), np.zeros((n, firms), np.int64)
        terms = self.simulation.plan.terms
        for q, (j, _, _, _) in enumerate(self.simulation.plan.programmes):
            member[:, j] |= m.joined[q] >= 0
            first = terms.lot_first[q]
            credits[:, j] += m.lots[first : first + terms.lot_count[q]].sum(axis=0)
            rewards[:, j] += m.rewards[q]
        table["member"], table["credits"], table["rewards"] = (
            member.reshape(-1),
            credits.reshape(-1),
            rewards.reshape(-1),
        )
        for name in ("need", "arrival", "exit"):
            table[name] = np.repeat(getattr(c, name), firms)
        table["present"] = (table["arrival"] < self.periods) & (table["exit"] > self.periods)
        return table

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """Purchases on record, in order of period, customer and occasion; ask for them with `run(purchases=...)`.

        trip groups what was bought together; price is per unit; member, credits_before and redeemed are of the firm's first programme;
        cause is the component of utility that decided, held_by lists all that did (see `goodwill.engine.steps.record`).
        """
        if self.file is not None:
            return pd.read_parquet(self.file)
        if self.rows is None:
            raise GoodwillError("no purchases were recorded; run the market with run(purchases=True)")
        return purchase_table(self.rows, self.names)

    def utility_terms(self, customers: np.ndarray) -> np.ndarray:
        """Components of utility at present, without luck and programmes, of these customers: [customers, firms, PARTS]."""
        simulation = self.simulation
        terms = np.zeros((len(customers), len(self.names), len(PARTS)), np.float32)
        entry = compile_rules(terms_of_everybody, simulation.rules)
        period = max(self.periods - 1, 0)
        c = simulation.population.customers
        entry(period, customers.astype(np.int64), c, simulation.parameters, simulation.plan.levers, terms)
        return terms

    @cached_property
    def complaint_funnel(self) -> pd.DataFrame:
        """Firm: purchases, failures, unhappy, complaints, resolved, left and stayed; see `goodwill.measures.complaints`."""
        from goodwill.measures.complaints import complaint_funnel

        return complaint_funnel(self)

    @cached_property
    def value_movers(self) -> pd.DataFrame:
        """Firm x segment x kind of value: share of purchases it decided; see `goodwill.measures.value`, ask for purchases."""
        from goodwill.measures.value import value_movers

        return value_movers(self)

    @cached_property
    def loyalty_kinds(self) -> pd.DataFrame:
        """Repeat customer x firm, of those on record: which of seven kinds of loyalty holds him.

        See `goodwill.measures.loyalty_kinds`; ask for purchases (a panel is enough) with `run(purchases=...)`.
        """
        from goodwill.measures.loyalty_kinds import loyalty_kinds

        return loyalty_kinds(self)

    @cached_property
    def stages(self) -> pd.DataFrame:
        """Period x firm x stage before x stage after: customers; see `goodwill.measures.stages`."""
        from goodwill.measures.stages import stage_table

        return stage_table(self)

    @cached_property
    def funnel(self) -> pd.DataFrame:
        """Firm x stage: customers, who reached it, advanced and fell, conversion; see `goodwill.measures.stages`."""
        from goodwill.measures.stages import funnel

        return funnel(self)

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """By firm: contacts made to win customers, how many it took, how many were wasted; see `goodwill.measures.stages`."""
        from goodwill.measures.stages import contacts

        return contacts(self)

    @cached_property
    def ladder(self) -> pd.DataFrame:
        """Firm x rung of the loyalty ladder: customers and share of wallet; see `goodwill.measures.ladder`."""
        from goodwill.measures.ladder import ladder

        return ladder(self)

    @cached_property
    def satisfaction_curve(self) -> pd.DataFrame:
        """Box of satisfaction: purchases on record, share bought there again next time; see `goodwill.measures.satisfaction_curve`."""
        from goodwill.measures.satisfaction_curve import satisfaction_curve

        return satisfaction_curve(self)

    @cached_property
    def churn(self) -> pd.DataFrame:
        """Period x firm x cause: losses, their rate among the firm's customers, and how many were satisfied when they left.

        See `goodwill.measures.churn`.
        """
        from goodwill.measures.churn import churn_table

        return churn_table(self)

    def trace(self, *customers: int) -> Trace:
        """Why customers got credits of programmes, or did not, purchase by purchase; the world is simulated once more."""
        from goodwill.trace import trace_of

        return trace_of(self.simulation, customers)

    def provenance(self) -> dict[str, Any]:
        """Seed, scenario hash, versions and commit of this run."""
        return provenance(self.scenario, self.simulation.replicate)

    def plot(self) -> Any:
        """Shares, retention, profit and members (or buyers) of all firms over time, as a Matplotlib figure."""
        from goodwill.plots.record import record_figure

        return record_figure(self)

    def __repr__(self) -> str:
        return f"<Record of {self.simulation.summary}>"

    def _repr_html_(self) -> str:
        from goodwill.notebook import market_html

        return market_html(self)

    def save(self, folder: str | Path) -> Path:
        """Write all tables as Parquet, with the scenario and provenance, into a folder; returns it."""
        import json

        import yaml

        from goodwill.files import write_atomically

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("firms", "market", "programmes", "ledger", "customers"):
            table: pd.DataFrame = getattr(self, name)
            write_atomically(folder / f"{name}.parquet", lambda path, table=table: table.to_parquet(path))  # type: ignore[misc]
        of_acting_firms = {name: getattr(self, name) for name in ("choices", "measured", "workforce", "budget")}
        for name, part in of_acting_firms.items():
            if len(part):
                write_atomically(folder / f"{name}.parquet", part.to_parquet)
        if self.rows is not None:
            write_atomically(folder / "purchases.parquet", lambda path: self.purchases.to_parquet(path))
        text = yaml.safe_dump(self.scenario.to_dict(), sort_keys=False, allow_unicode=True)
        write_atomically(folder / "scenario.yaml", lambda path: path.write_text(text, encoding="utf-8"))
        note = json.dumps(self.provenance(), indent=2)
        write_atomically(folder / "provenance.json", lambda path: path.write_text(note, encoding="utf-8"))
        return folder


def _named(codes: Any, names: Sequence[str]) -> Any:
    """Codes with their names, as a categorical."""
    return pd.Categorical.from_codes(codes.astype(np.int8), categories=pd.Index(list(names)))


def _named_parts(masks: pd.Series, names: Sequence[str]) -> Any:
    """Bit masks as the names of their bits, separated by commas."""
    codes = masks.astype(np.int64).to_numpy()
    words = {mask: ", ".join(name for x, name in enumerate(names) if mask >> x & 1) for mask in np.unique(codes)}
    return pd.Categorical([words[mask] for mask in codes])


def purchase_table(rows: np.ndarray, names: list[str]) -> pd.DataFrame:
    """A tidy table of purchase rows [R, columns of PURCHASE_COLUMNS]."""
    order = np.lexsort((rows[:, 3], rows[:, 1], rows[:, 0]))
    rows = rows[order]
    table = pd.DataFrame(rows, columns=list(PURCHASE_COLUMNS))
    for name in ("period", "customer", "trip", "occasion", "redeemed"):
        table[name] = table[name].astype(np.int64)
    table["member"] = table["member"].astype(bool)
    table["firm"] = _named(rows[:, 4], names)
    table["cause"] = _named(rows[:, 14], COMPONENTS)
    table["complaint"] = _named(table["complaint"].to_numpy(), COMPLAINTS_BY_OUTCOME)
    table["value_held_by"] = _named_parts(table["value_held_by"], VALUE_COMPONENTS)
    table["held_by"] = _named_parts(table["held_by"], PARTS)
    return table
