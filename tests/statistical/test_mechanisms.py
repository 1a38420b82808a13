"""Every mechanism: off means off, strength nil changes nothing, and on it works in the direction of its source.

Worlds are compared in pairs with the same customers and the same luck, so a difference has no other cause than the
mechanism.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.statistical.worlds import market, repeat_share, run, same_state, share_of, total

from goodwill.engine.state import COMPETITIVE, FAULT, MALICIOUS, NATURAL
from goodwill.lab.calibrate_panel import watch
from goodwill.measures.repeat_buying import excess_repeat, repeat_rate, wheat_morrison_k
from goodwill.simulation import Simulation

pytestmark = pytest.mark.statistical

SHARES = (0.4, 0.3, 0.2, 0.1)


def world(behaviour: dict[str, Any] | None = None, changes: dict[str, Any] | None = None, **keys: Any) -> Simulation:
    """A year of a market with some behaviour, finished."""
    return run(market(SHARES, behaviour=behaviour, **keys).with_(changes or {}))


@pytest.fixture(scope="module")
def plain() -> Simulation:
    return world()


STRENGTH_NIL: dict[str, dict[str, Any]] = {
    "habit": {"habit": {"on": True, "strength": 0.0}},
    "outside": {"outside": {"on": True, "utility": -20.0}},
    "extra brand": {"incidence": {"extra_brand": 0.0}},
    "price": {"choice": {"price_sensitivity": 0.0}},
    "expectation": {"expectation": {"on": True, "weight": 0.0, "risk": 0.0}},
    "satisfaction": {"satisfaction": {"on": True, "weight": 0.0}},
    "commitment": {"commitment": {"on": True, "weight": 0.0}},
    "zone": {"zone": {"on": True}},
    "dropout": {"defection": {"on": True, "dropout_a": 0.01, "dropout_b": 1e6}},
    "word of mouth": {"word_of_mouth": {"on": True, "weight": 0.0}},
    "deaf ties": {"word_of_mouth": {"on": True, "strong": 0.0, "weak": 0.0}},
    "programmes": {"programmes": {"on": False}},
}


@pytest.mark.parametrize("name", STRENGTH_NIL)
def test_strength_nil_is_off(name: str, plain: Simulation) -> None:
    """A mechanism switched on with no strength leaves every purchase of everybody as it was, to the last bit."""
    assert same_state(world(STRENGTH_NIL[name]), plain)


@pytest.mark.parametrize(
    "section", ["habit", "outside", "expectation", "satisfaction", "zone", "commitment", "defection", "word_of_mouth"]
)
def test_off_ignores_its_parameters(section: str, plain: Simulation) -> None:
    """A switched-off mechanism does not look at its parameters."""
    loud = {
        "habit": {"strength": 8.0}, "outside": {"utility": 20.0}, "expectation": {"weight": 3.0},
        "satisfaction": {"weight": 3.0}, "zone": {"width": 8.0}, "commitment": {"weight": 5.0},
        "defection": {"dropout_b": 1.0, "malicious": 1.0, "lapse": 1.0}, "word_of_mouth": {"base": 1.0, "strong": 2.0},
    }  # fmt: skip
    assert same_state(world({section: {"on": False, **loud[section]}}), plain)


# ---- how often ----------------------------------------------------------------------------------------------


def test_erlang_makes_trips_regular_not_more() -> None:
    """Chatfield & Goodhardt 1973: Erlang intervals keep the mean and take variance out of the counts."""
    keys: dict[str, Any] = {"trips_per_year": 12.0, "trips_shape": 50.0}
    poisson, erlang = world(**keys), world({"incidence": {"erlang": 2}}, **keys)
    trips = [s.population.customers.visits.sum(axis=0) for s in (poisson, erlang)]
    assert trips[1].mean() == pytest.approx(trips[0].mean(), rel=0.02)
    assert trips[1].var() < 0.7 * trips[0].var()


def test_extra_brand_adds_a_second_brand_to_trips() -> None:
    """Complete Journey: .23 of soft-drink trips hold two brands. They are always two different ones."""
    panel = watch(market(SHARES, behaviour={"incidence": {"extra_brand": 0.23}}), first=0)
    held = panel.trips.bought.sum(axis=1)
    assert held.max() == 2
    assert (held == 2).mean() == pytest.approx(0.23, abs=0.01)


def test_extra_brand_leaves_the_first_choices_as_they_were(plain: Simulation) -> None:
    """The second brand comes on top: nobody's number of trips changes, and only purchases are added."""
    more = world({"incidence": {"extra_brand": 0.23}})
    assert total(more, "trips") == total(plain, "trips")
    assert (more.population.customers.visits >= plain.population.customers.visits).all()


def test_natural_exit_empties_the_market() -> None:
    """A hazard of h a year leaves exp(-h) of the customers after one year; they buy no more, and the cause is natural."""
    leaving = world(natural_exit=0.5)
    assert total(leaving, "left_market") / 10_000 == pytest.approx(1 - np.exp(-0.5), abs=0.015)
    assert total(leaving, "left_natural").sum() > 0
    customers = leaving.population.customers
    assert (customers.last_bought.max(axis=0)[customers.exit < 52] < customers.exit[customers.exit < 52]).all()


def test_newcomers_arrive_evenly_and_do_not_buy_before() -> None:
    """Newcomers spread over the run; before their arrival they do not exist."""
    growing = world(newcomers=0.5)
    arrived = growing.totals.market[1:, 2]
    assert arrived.sum() == pytest.approx(10_000 * 0.5 * 51 / 52, rel=0.05)
    assert arrived.std() < 3 * np.sqrt(arrived.mean())
    assert total(growing, "trips", 0, 13) < 0.75 * total(growing, "trips", 39, 52)


def test_newcomers_do_not_change_the_luck_of_the_others(plain: Simulation) -> None:
    """Those who are there from the start buy what they would have bought anyway."""
    growing = world(newcomers=0.5)
    there = growing.population.customers.arrival == 0
    np.testing.assert_array_equal(
        growing.population.customers.visits[:, there], plain.population.customers.visits[:, there]
    )


# ---- what is chosen -----------------------------------------------------------------------------------------


def test_habit_raises_repeat_above_heterogeneity() -> None:
    """Guadagni & Little 1983; the excess repeat fades over lags, which a last-purchase dummy would not make it do as
    slowly.
    """
    panel = watch(market(SHARES, behaviour={"habit": {"on": True, "strength": 2.0, "retention": 0.7}}), first=0)
    excess = excess_repeat(panel.trips)
    assert excess.loc[1, "excess"] > 5 * excess.loc[1, "se"]
    assert excess.loc[1, "excess"] > excess.loc[2, "excess"] > excess.loc[4, "excess"] > 0


def test_more_habit_more_repeat(plain: Simulation) -> None:
    """Dube, Hitsch & Rossi 2010: state dependence makes buyers stay."""
    rates = [repeat_share(world({"habit": {"on": True, "strength": s}})) for s in (1.0, 2.0, 4.0)]
    assert repeat_share(plain) < rates[0] < rates[1] < rates[2]


def test_lasting_habit_shows_at_longer_lags() -> None:
    """With the same effect of one purchase, a habit that is kept longer is still seen four trips later."""
    short = watch(market(SHARES, behaviour={"habit": {"on": True, "strength": 1.0, "retention": 0.0}}), first=0)
    long = watch(market(SHARES, behaviour={"habit": {"on": True, "strength": 3.3, "retention": 0.7}}), first=0)
    fading = [repeat_rate(p.trips, 4) - repeat_rate(p.trips, 1) for p in (short, long)]
    assert fading[1] > fading[0]


def test_price_moves_share_with_the_known_elasticity() -> None:
    """Bijmolt, van Heerde & Pieters 2005: -2.6; in a logit the elasticity of purchases is about that times (1 -
    share), averaged over customers who differ, so a little less.
    """
    cut = {"kind": "price_cut", "start": 0, "depth": 0.05}
    keys: dict[str, Any] = {"loyalty_spread": 200.0}  # everybody alike: the logit's own elasticity
    before, after = world(**keys), world(changes={"firms.0.programmes": [cut]}, **keys)
    elasticity = np.log(share_of(after) / share_of(before)) / np.log(0.95)
    assert elasticity == pytest.approx(-2.6 * (1 - 0.4), abs=0.15)


def test_a_price_cut_draws_only_from_rivals_when_the_category_is_fixed(plain: Simulation) -> None:
    """Without an outside option a cheaper firm wins purchases, and the market has as many as before."""
    cut = world(changes={"firms.0.programmes": [{"kind": "price_cut", "start": 0, "depth": 0.2}]})
    assert share_of(cut) > share_of(plain) + 0.03
    assert total(cut, "purchases").sum() == total(plain, "purchases").sum()


def test_outside_option_ends_trips_without_purchase(plain: Simulation) -> None:
    """McFadden 1978: the chance of a purchase is 1 / (1 + exp(u0 - nest * ln sum exp U)); tastes of one sum to ln 1 =
    0.
    """
    some = world({"outside": {"on": True, "utility": -1.0, "nest": 0.5}})
    buys = total(some, "purchases").sum() / total(some, "trips")
    assert buys == pytest.approx(1 / (1 + np.exp(-1.0)), abs=0.01)
    assert total(plain, "purchases").sum() == total(plain, "trips")


def test_outside_option_lets_a_price_cut_grow_the_category() -> None:
    """With a nest above nil, a cheaper firm makes more trips end in a purchase."""
    behaviour = {"outside": {"on": True, "utility": 0.0, "nest": 0.8}}
    before = world(behaviour)
    cut = world(behaviour, {"firms.0.programmes": [{"kind": "price_cut", "start": 0, "depth": 0.3}]})
    assert total(cut, "purchases").sum() > 1.01 * total(before, "purchases").sum()


# ---- what is experienced ------------------------------------------------------------------------------------


def test_better_service_satisfies_and_sells() -> None:
    """Bolton & Drew 1991: what is delivered becomes satisfaction, and satisfaction draws."""
    behaviour = {"satisfaction": {"on": True}}
    before, better = world(behaviour), world(behaviour, {"firms.0.service": 8.0})
    assert better.population.customers.satisfaction[0].mean() > before.population.customers.satisfaction[0].mean() + 0.5
    assert share_of(better) > share_of(before)


def test_losses_loom_larger_than_gains() -> None:
    """Anderson & Sullivan 1993; Tversky & Kahneman 1992: the same mean with more spread satisfies less."""
    behaviour = {"satisfaction": {"on": True, "loss_aversion": 2.0}}
    steady, erratic = (world(behaviour, {"firms.0.inconsistency": x}) for x in (0.2, 2.0))
    bought = steady.population.customers.visits[0] > 5
    assert (
        erratic.population.customers.satisfaction[0, bought].mean()
        < steady.population.customers.satisfaction[0, bought].mean() - 0.1
    )


def test_satisfaction_moves_less_with_tenure() -> None:
    """Bolton 1998: the longer the relationship, the less a new experience weighs."""
    simulation = world({"satisfaction": {"on": True}})
    customers = simulation.population.customers
    few, many = customers.visits[0] == 2, customers.visits[0] > 20
    assert customers.satisfaction[0, many].std() < 0.8 * customers.satisfaction[0, few].std()


def test_zone_of_tolerance_swallows_small_deviations() -> None:
    """Zeithaml, Berry & Parasuraman 1993: inside the zone nothing is felt, so scatter of delivery disappoints less."""
    tight = world({"satisfaction": {"on": True}})
    wide = world({"satisfaction": {"on": True}, "zone": {"on": True, "width": 2.0, "ideal_gap": 2.0}})
    bought = tight.population.customers.visits[0] > 5
    assert (
        wide.population.customers.satisfaction[0, bought].mean()
        > tight.population.customers.satisfaction[0, bought].mean()
    )


def test_desired_level_rises_with_the_best_seen() -> None:
    """Zeithaml, Berry & Parasuraman 1993: desires creep upwards and never fall."""
    behaviour = {"satisfaction": {"on": True}, "zone": {"on": True, "ideal_drift": 0.1}}
    simulation = market(SHARES, behaviour=behaviour)
    before = Simulation(simulation, threads=1).population.customers.ideal.copy()
    after = run(simulation).population.customers.ideal
    assert (after >= before).all()
    assert after[0].mean() > before[0].mean()


def test_commitment_grows_with_delight_and_binds() -> None:
    """Garbarino & Johnson 1999; Burnham, Frels & Mahajan 2003: the relational bond makes customers stay."""
    base: dict[str, Any] = {"satisfaction": {"on": True, "weight": 0.0, "loss_aversion": 1.0}}
    without = world(base)
    bound = world({**base, "commitment": {"on": True, "weight": 2.0, "gain": 0.3}})
    assert bound.population.customers.commitment.max() > 0
    assert repeat_share(bound) > repeat_share(without) + 0.01


def test_customers_learn_what_to_expect() -> None:
    """Boulding et al. 1993: expectation moves to what is delivered, the more the more often it was tried; doubt
    shrinks.
    """
    keys: dict[str, Any] = {"newcomers": 1.0, "arrival_periods": 26}
    simulation = world({"expectation": {"on": True, "promise_pull": 0.0}}, {"firms.0.promise": 9.0}, **keys)
    customers = simulation.population.customers
    error = np.abs(customers.expectation[0] - 7.0)
    new = customers.arrival > 0  # those of period 0 know the firms already
    untried, tried = new & (customers.visits[0] == 0), new & (customers.visits[0] > 10)
    assert customers.expectation[0, untried].mean() == pytest.approx(9.0, abs=0.01)
    assert error[tried].mean() < 0.8
    assert customers.uncertainty[0, tried].max() < customers.uncertainty[0, untried].min()


def test_confirmation_by_itself_raises_preference() -> None:
    """Rust, Inman, Jia & Zahorik 1999: an experience that merely confirms makes the offer surer, hence better liked."""
    keys: dict[str, Any] = {"newcomers": 1.0, "arrival_periods": 2, "firms": {"inconsistency": 0.0}}
    risky = {"expectation": {"on": True, "weight": 0.0, "risk": 1.0, "promise_pull": 0.0}}
    assert repeat_share(world(risky, **keys)) > repeat_share(world(**keys)) + 0.01


def test_promises_draw_the_inexperienced() -> None:
    """Zeithaml, Berry & Parasuraman 1993: a promise shapes expectation mostly before the first purchase. A firm that
    promises two points more is tried by more newcomers.
    """
    keys: dict[str, Any] = {"newcomers": 1.0, "arrival_periods": 26}
    behaviour = {"expectation": {"on": True, "weight": 0.5}}
    honest, boasting = (world(behaviour, {"firms.0.promise": x}, **keys) for x in (7.0, 9.0))
    tried = [(s.population.customers.visits[0] > 0).mean() for s in (honest, boasting)]
    assert tried[1] > tried[0] + 0.01


def test_a_broken_promise_disappoints() -> None:
    """Oliver 1980: the same delivery satisfies less when more had been promised."""
    keys: dict[str, Any] = {"newcomers": 1.0, "arrival_periods": 26}
    behaviour = {"expectation": {"on": True}, "satisfaction": {"on": True}}
    honest, boasting = (world(behaviour, {"firms.0.promise": x}, **keys) for x in (7.0, 9.0))
    few = (honest.population.customers.visits[0] == 1) & (boasting.population.customers.visits[0] == 1)
    satisfied = [s.population.customers.satisfaction[0, few].mean() for s in (honest, boasting)]
    assert satisfied[1] < satisfied[0] - 0.1


# ---- who leaves ---------------------------------------------------------------------------------------------

STAY = {"on": True, "dropout_a": 0.01, "dropout_b": 1e6}


def _left(simulation: Simulation) -> dict[str, int]:
    return {
        kind: int(total(simulation, f"left_{kind}").sum()) for kind in ("natural", "malicious", "competitive", "fault")
    }


def test_dropout_is_natural_and_for_good() -> None:
    """Fader, Hardie & Lee 2005: after a purchase a customer may be lost, with chance a / (a + b) on average."""
    simulation = world({"defection": {"on": True, "dropout_a": 1.0, "dropout_b": 19.0, "dropout_on_trial": True}})
    left = _left(simulation)
    assert left["natural"] > 0
    assert left["malicious"] == left["competitive"] == left["fault"] == 0
    customers = simulation.population.customers
    first = customers.visits[:, :] >= 1
    assert (customers.cause[first & (((customers.gone >> np.arange(4)[:, None]) & 1) == 1)] == NATURAL).all()


def test_dropout_spares_the_trial_purchase() -> None:
    """In the BG/NBD the first purchase cannot be the last one; with dropout_on_trial it can (BG/BB, MBG/NBD)."""
    hasty: dict[str, Any] = {"on": True, "dropout_a": 1.0, "dropout_b": 1.0}
    loyal = world({"defection": {**hasty, "dropout_on_trial": False}}).population.customers
    trial = world({"defection": {**hasty, "dropout_on_trial": True}}).population.customers
    left_after_one = [((c.visits == 1) & (c.cause == NATURAL)).sum() for c in (loyal, trial)]
    assert left_after_one[0] == 0
    assert left_after_one[1] > 0


def test_faults_drive_away_and_say_so() -> None:
    """Keaveney 1995: failures in the core service are the commonest reason to switch; worse scatter, more of it."""
    behaviour = {"satisfaction": {"on": True}, "defection": {**STAY, "fault": 0.02}}
    steady, erratic = (world(behaviour, {"firms.0.inconsistency": x}) for x in (0.5, 2.0))
    assert _left(steady)["natural"] == 0
    assert total(erratic, "left_fault")[0] > 2 * total(steady, "left_fault")[0] > 0
    assert set(np.unique(erratic.population.customers.cause)) == {0, FAULT}


def test_better_rivals_make_customers_lapse() -> None:
    """Competitive defection without a contract: the further ahead the rival, the likelier the old firm is dropped."""
    behaviour = {"satisfaction": {"on": True, "weight": 0.5}, "defection": {**STAY, "lapse": 0.02}}
    before = world(behaviour)
    after = world(behaviour, {"firms.1.service": 9.0})
    assert total(after, "left_competitive")[0] > 1.1 * total(before, "left_competitive")[0] > 0
    assert set(np.unique(after.population.customers.cause)) == {0, COMPETITIVE}


def test_the_firm_itself_may_end_it_at_the_given_rate() -> None:
    """Malicious defection: a hazard of h a year on the firm last bought from."""
    simulation = world({"defection": {**STAY, "malicious": 0.2}}, trips_per_year=50.0, trips_shape=100.0)
    ended = _left(simulation)["malicious"] / 10_000
    assert ended == pytest.approx(0.2, rel=0.08)  # the next firm may end it too
    assert set(np.unique(simulation.population.customers.cause)) == {0, MALICIOUS}


# ---- what is heard ------------------------------------------------------------------------------------------

TALK: dict[str, Any] = {"satisfaction": {"on": True, "weight": 0.0}, "word_of_mouth": {"on": True, "base": 0.3}}


@pytest.mark.parametrize(("service", "sign"), [(9.0, 1), (5.0, -1)])
def test_talk_spreads_the_firms_reputation(service: float, sign: int) -> None:
    """Anderson 1998; East, Hammond & Lomax 2008: praise draws and criticism repels, though satisfaction itself does
    nothing here.
    """
    silent = world({**TALK, "word_of_mouth": {"on": False}}, {"firms.0.service": service})
    talking = world(TALK, {"firms.0.service": service})
    assert sign * (share_of(talking) - share_of(silent)) > 0.005
    positive, negative = total(talking, "positive_talk")[0], total(talking, "negative_talk")[0]
    assert sign * (positive - negative) > 0.5 * (positive + negative)


def test_extremes_talk_most() -> None:
    """Anderson 1998: talk is U-shaped in satisfaction, the dissatisfied somewhat the more talkative."""
    behaviour = {**TALK, "word_of_mouth": {"on": True, "base": 0.03}}
    talk = {}
    for service in (4.0, 7.0, 10.0):
        simulation = world(behaviour, {"firms.0.service": service, "firms.0.inconsistency": 0.1})
        said = total(simulation, "positive_talk")[0] + total(simulation, "negative_talk")[0]
        talk[service] = said / total(simulation, "buyers")[0]
    assert talk[4.0] > talk[10.0] > 2 * talk[7.0]


def test_talk_makes_a_firm_known() -> None:
    """Talking creates awareness (Goldenberg, Libai & Muller 2001): an unknown firm is tried by more customers."""
    unknown = {"firms.3.awareness": 0.1}
    quiet: dict[str, Any] = {"word_of_mouth": {"on": True, "base": 0.1, "weight": 0.0, "awareness": False}}
    loud: dict[str, Any] = {"word_of_mouth": {**quiet["word_of_mouth"], "awareness": True}}
    silent, deaf, heard = world({}, unknown), world(quiet, unknown), world(loud, unknown)
    assert same_state(silent, deaf)
    known = [((s.population.customers.aware >> 3) & 1).mean() for s in (deaf, heard)]
    assert known[0] == pytest.approx(0.1, abs=0.02)
    assert known[1] > 0.15
    assert share_of(heard, 3) > share_of(deaf, 3)


def test_advertising_makes_a_firm_known_at_its_rate() -> None:
    """A rate of a a year reaches 1 - exp(-a) of the unaware."""
    simulation = world(changes={"firms.3.awareness": 0.0, "firms.3.advertising": 0.7})
    known = ((simulation.population.customers.aware >> 3) & 1).mean()
    assert known == pytest.approx(1 - np.exp(-0.7), abs=0.02)


def test_what_was_heard_fades() -> None:
    """Opinions decay: the shorter the memory, the smaller the effect of praise."""
    shares = []
    for kept in (0.2, 0.95):
        behaviour = {**TALK, "word_of_mouth": {"on": True, "base": 0.3, "retention": kept}}
        shares.append(share_of(world(behaviour, {"firms.0.service": 9.0})))
    assert shares[1] > shares[0]


# ---- under contract -----------------------------------------------------------------------------------------


def contract(behaviour: dict[str, Any] | None = None, **changes: Any) -> Simulation:
    hazards = {"on": True, "competitive": 0.3, "discontent": 0.2}
    base = market(
        SHARES, kind="contract", period="month", periods=24, behaviour={"defection": hazards, **(behaviour or {})}
    )
    return run(base.with_(changes))


def _churn(simulation: Simulation) -> float:
    return sum(_left(simulation).values()) / total(simulation, "subscribers").sum()


@pytest.mark.parametrize("section", ["habit", "commitment"])
def test_switching_costs_hold_customers(section: str) -> None:
    """Burnham, Frels & Mahajan 2003: procedural (habit) and relational (commitment) costs lower switching."""
    strong = {"habit": {"strength": 1.5}, "commitment": {"weight": 1.0, "gain": 0.3}}
    behaviour: dict[str, Any] = {"satisfaction": {"on": True, "weight": 0.0}, section: {"on": True, **strong[section]}}
    free = {"satisfaction": behaviour["satisfaction"]}
    assert _churn(contract(behaviour)) < 0.9 * _churn(contract(free))


def test_each_switching_cost_has_its_own_switch() -> None:
    """Procedural, financial and relational costs are separable: a weight of nil takes one away."""
    behaviour: dict[str, Any] = {
        "habit": {"on": True},
        "commitment": {"on": True},
        "satisfaction": {"on": True, "weight": 0.0},
    }
    base = _churn(contract(behaviour))
    for kind in ("procedural", "relational"):
        assert _churn(contract(behaviour, **{f"behaviour.defection.{kind}": 0.0})) > base


def test_credits_at_stake_are_a_financial_switching_cost() -> None:
    """Burnham, Frels & Mahajan 2003: what would be forfeited holds customers; without its weight it does not."""
    card = [
        {
            "kind": "points",
            "start": 0,
            "per_purchase": 10,
            "per_currency": 0,
            "threshold": 1000,
            "reward": 20.0,
            "automatic": True,
        }
    ]
    changes = {"firms.0.programmes": card}
    with_cost, without = (contract(None, **changes, **{"behaviour.defection.financial": x}) for x in (1.0, 0.0))
    assert total(with_cost, "left_competitive")[0] < 0.9 * total(without, "left_competitive")[0]


def test_poor_service_makes_subscribers_leave_out_of_discontent() -> None:
    """Bolton 1998: dissatisfaction shortens relationships; the cause is written down as a fault."""
    behaviour = {"satisfaction": {"on": True}}
    good, poor = contract(behaviour), contract(behaviour, **{"firms.0.service": 5.0})
    assert total(poor, "left_fault")[0] > 1.3 * total(good, "left_fault")[0]


def test_negative_word_of_mouth_makes_subscribers_leave() -> None:
    """Contractual defection rises with what is heard against the provider (issue of rule 10)."""
    behaviour: dict[str, Any] = {"satisfaction": {"on": True, "weight": 0.0}}
    talk = {"on": True, "base": 0.5, "strong": 0.3, "weight": 0.0}
    changes = {"firms.0.service": 5.0}
    silent = contract(behaviour, **changes)
    heard = contract({**behaviour, "word_of_mouth": talk}, **changes)
    assert total(heard, "left_fault")[0] > 1.05 * total(silent, "left_fault")[0]


def test_some_are_readier_to_leave_than_others() -> None:
    """Heterogeneous hazards (Fader & Hardie 2007): those who have left one provider were the readier, and with more
    spread more so.
    """
    ratio = []
    for shape in (50.0, 0.5):
        customers = contract(**{"behaviour.defection.spread": shape}).population.customers
        left = (customers.cause > 0).any(axis=0)
        ratio.append(customers.dropout[left].mean() / customers.dropout[~left].mean())
    assert 1.0 < ratio[0] < 1.2
    assert ratio[1] > 2.0


# ---- programmes ---------------------------------------------------------------------------------------------

NO_PULL = {"pull": 0.0, "liking": 0.0, "acceleration": 0.0, "abandonment": 0.0}
EASY = {"exposure": 1.0, "enrol_intercept": 10.0}


def programme(levers: dict[str, Any], behaviour: dict[str, Any] | None = None, **keys: Any) -> Simulation:
    """A year with one programme of firm A, running from the start."""
    merged: dict[str, Any] = {"programmes": {**EASY, **NO_PULL, **(behaviour or {})}}
    return world(merged, {"firms.0.programmes": [{"start": 0, **levers}]}, **keys)


CARD: dict[str, Any] = {"kind": "stamp_card", "stamps": 8, "reward": 0.0}


def test_a_card_worth_nothing_changes_nothing(plain: Simulation) -> None:
    """No reward, no pull, no liking: everybody takes the card and buys what he would have bought anyway."""
    simulation = programme(CARD)
    assert total(simulation, "joined").sum() > 5_000
    assert same_state(simulation, plain)


def test_programmes_switched_off_change_nothing(plain: Simulation) -> None:
    """With the switch off a firm's programme is not seen by anybody."""
    simulation = world({"programmes": {"on": False}}, {"firms.0.programmes": [{"start": 0, **CARD, "reward": 5.0}]})
    assert same_state(simulation, plain)


def test_the_inattentive_are_not_moved(plain: Simulation) -> None:
    """One who takes no notice of programmes buys as before."""
    simulation = programme({**CARD, "reward": 5.0}, {"pull": 1.0, "liking": 1.0}, attention=0.0)
    assert same_state(simulation, plain)


def test_a_reward_draws_members(plain: Simulation) -> None:
    """Lewis 2004: the value of getting one purchase closer to a reward acts like money off."""
    assert share_of(programme({**CARD, "reward": 4.0})) > share_of(plain) + 0.01


def test_the_goal_pulls_in_choice(plain: Simulation) -> None:
    """Kivetz, Urminsky & Zheng 2006: the nearer the goal, the stronger its pull; here with a reward of almost no
    worth.
    """
    simulation = programme({**CARD, "reward": 1e-4}, {"pull": 1.0})
    assert share_of(simulation) > share_of(plain) + 0.01


def test_the_goal_accelerates() -> None:
    """Kivetz, Urminsky & Zheng 2006: customers hurry as the card fills, so there are more trips, by less than the full
    effect.
    """
    still, hurried = (programme({**CARD, "reward": 1.0}, {"acceleration": x}) for x in (0.0, 0.3))
    assert 1.01 < total(hurried, "trips") / total(still, "trips") < np.exp(0.3)


def test_liking_of_a_new_card_fades(plain: Simulation) -> None:
    """Novelty wears off: the gain of the first quarter exceeds that of the last."""
    simulation = programme(CARD, {"liking": 1.0, "novelty_half_life": 2.0}, trips_per_year=50.0)
    busy = world(trips_per_year=50.0)
    early, late = (share_of(simulation, 0, *q) - share_of(busy, 0, *q) for q in ((0, 13), (39, 52)))
    assert early > 2 * late > 0


def test_cards_are_given_up_when_the_goal_is_far() -> None:
    """Nunes & Dreze 2006: the hazard rises with the distance left; with a head start fewer give up and more finish."""
    hazard = {"abandonment": 0.52, "reengagement": 0.0}
    kept = programme({**CARD, "reward": 1.0})
    plain_card = programme({**CARD, "reward": 1.0}, hazard)
    endowed = programme({**CARD, "stamps": 10, "head_start": 2, "reward": 1.0}, hazard)
    assert total(kept, "abandoned")[0] == 0
    given_up = [total(s, "abandoned")[0] / total(s, "joined")[0] for s in (plain_card, endowed)]
    assert given_up[0] > given_up[1] > 0
    finished = [(s.population.members.rewards[0] > 0).mean() for s in (plain_card, endowed)]
    assert finished[1] > 1.2 * finished[0]


def test_heavy_buyers_join_first() -> None:
    """Meyer-Waarden & Benavent 2009: those who gain most join; before joining they bought more than those who never
    do.
    """
    card = {"kind": "stamp_card", "start": 26, "stamps": 8, "reward": 1.0}
    simulation = market(SHARES).with_({"firms.0.programmes": [card]})
    half = run(simulation, 26)
    before = half.population.customers.visits[0].copy()
    half.run()
    joined = half.population.members.joined[0] >= 0
    assert before[joined].mean() > 1.5 * before[~joined].mean()


def test_a_member_discount_draws_and_costs(plain: Simulation) -> None:
    """Price elasticity works on members' prices too; what they save is booked."""
    club = {"kind": "paid_club", "fee": 0.0, "discount": 0.1, "service_bonus": 0.0}
    simulation = programme(club)
    assert share_of(simulation) > share_of(plain) + 0.02
    assert total(simulation, "discount")[0] == pytest.approx(
        0.1 * 100 * total(simulation, "member_purchases")[0], rel=0.01
    )


@pytest.mark.parametrize("column", ["joined", "active"])
def test_a_fee_keeps_members_away(column: str) -> None:
    """A higher fee, fewer members (Ashley, Noble, Donthu & Lemon 2011)."""
    club = {"kind": "paid_club", "discount": 0.2}
    free, dear = (programme({**club, "fee": x}, {"enrol_intercept": 0.0}) for x in (0.0, 3.0))
    assert total(dear, column)[0] < 0.8 * total(free, column)[0]


def test_clubs_are_renewed_by_those_who_use_them() -> None:
    """Renewal follows the benefit at the customer's own rate: those who stay bought more than those who end it."""
    club = {"kind": "paid_club", "fee": 2.0, "months": 3.0, "discount": 0.2}
    simulation = programme(club, {"enrol_intercept": 3.0})
    members = simulation.population.members.joined[0] >= 0
    assert 0 < total(simulation, "left")[0] < total(simulation, "joined")[0]
    assert total(simulation, "fees")[0] > 200 * total(simulation, "joined")[0]  # some paid more than once
    visits = simulation.population.customers.visits[0]
    assert visits[members].mean() > visits[~members].mean()


def test_expiry_presses_to_redeem() -> None:
    """Rewards are taken sooner when credits are about to expire, and fewer expire (Breugelmans & Liu-Thompkins 2017)."""
    points = {"kind": "points", "per_purchase": 10, "per_currency": 0, "threshold": 30, "reward": 1.0, "expiry": 3.0}
    shy = {"redeem_intercept": -2.0, "redeem_slope": 0.0}
    calm, pressed = (programme(points, {**shy, "expiry_pressure": x}) for x in (0.0, 4.0))
    assert total(pressed, "rewards")[0] > 1.05 * total(calm, "rewards")[0]
    assert total(pressed, "expired")[0] < total(calm, "expired")[0]


def test_a_hassle_to_redeem_leaves_credits_unused() -> None:
    """Stourm, Bradlow & Fader 2015: the costlier redeeming, the more is stockpiled; breakage emerges."""
    points = {"kind": "points", "per_purchase": 10, "per_currency": 0, "threshold": 30, "reward": 1.0, "expiry": 6.0}
    easy, hard = (programme(points, {"redeem_intercept": x, "redeem_slope": 0.0}) for x in (4.0, -3.0))
    share = [total(s, "redeemed")[0] / total(s, "earned")[0] for s in (easy, hard)]
    assert share[1] < 0.5 * share[0]


TIERS: dict[str, Any] = {
    "kind": "tiers", "spend": [5.0], "earn": [1.0], "liking": [0.0], "months": 3.0, "threshold": 100_000, "reward": 0.0,
}  # fmt: skip


def test_tiers_promote_and_demote() -> None:
    """Members rise on the spending of a qualifying period and fall when they spend less in the next."""
    simulation = programme(TIERS, {"tier_gain": 0.0, "tier_loss": 0.0})
    assert total(simulation, "promoted")[0] > total(simulation, "demoted")[0] > 0


def test_promotion_draws_and_demotion_repels() -> None:
    """Wagner, Hennig-Thurau & Rudolph 2009: status gained is felt, and so is status lost once it was taken for granted
    (faded).
    """
    nothing, gain, loss = (
        programme(TIERS, {"tier_gain": g, "tier_loss": x, "tier_fade": 0.5})
        for g, x in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    )
    assert share_of(gain) > share_of(nothing) > share_of(loss)


def test_the_demoted_end_below_those_never_elevated() -> None:
    """Wagner, Hennig-Thurau & Rudolph 2009: among customers who buy the same in the world without status, the demoted
    buy less than they would have, by default settings.
    """
    still = {"tier_gain": 0.0, "tier_loss": 0.0}
    default = market(SHARES, behaviour={"programmes": {**EASY, **NO_PULL}}).with_(
        {"firms.0.programmes": [{"start": 0, **TIERS}], "behaviour.programmes.tier_fade": 0.8}
    )
    felt, unfelt = run(default, 39), run(default.with_({f"behaviour.programmes.{k}": x for k, x in still.items()}), 39)
    demoted = felt.population.members.tier_shift[0] < 0
    then = [s.population.customers.visits[0].copy() for s in (felt, unfelt)]
    felt.run()
    unfelt.run()
    later = [s.population.customers.visits[0] - t for s, t in zip((felt, unfelt), then, strict=True)]
    assert later[0][demoted].sum() < 0.98 * later[1][demoted].sum()


def test_high_tiers_earn_faster() -> None:
    """Tier multipliers: the same purchases earn more points."""
    slow, fast = (programme({**TIERS, "earn": [e]}, {"tier_gain": 0.0, "tier_loss": 0.0}) for e in (1.0, 3.0))
    assert same_state(slow, fast)
    assert total(fast, "earned")[0] > 1.2 * total(slow, "earned")[0]


def test_service_investment_is_felt_through_experience_only(plain: Simulation) -> None:
    """Rust, Zahorik & Keiningham 1995: better service works through satisfaction; with that off it changes nobody's
    choice.
    """
    service = {"firms.0.programmes": [{"kind": "service", "start": 0, "gain": 1.5}]}
    assert same_state(world({}, service), plain)
    on = {"satisfaction": {"on": True}}
    assert share_of(world(on, service)) > share_of(world(on)) + 0.005


def test_regular_timing_shows_in_wheat_and_morrison() -> None:
    """Wheat & Morrison 1990: 1 for Poisson trips, more for regular ones."""
    keys: dict[str, Any] = {"trips_per_year": 8.0, "periods": 104}
    one, two = (market(SHARES, behaviour={"incidence": {"erlang": k}}, **keys) for k in (1, 2))
    k = [wheat_morrison_k(watch(s, first=0, last=104).trips) for s in (one, two)]
    assert k[0] == pytest.approx(1.0, abs=0.06)
    assert k[1] > 1.5
