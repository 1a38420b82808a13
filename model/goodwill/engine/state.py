"""The arrays a market lives in: struct of arrays, [firm, customer], float32 for behaviour, integers for money and credits.

Arrays of a mechanism that is off have no customers (shape [J, 0]): they cost no memory and kernels never touch them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

TILE = 2048  # customers handled together; scratch of a tile stays in the first caches
NEVER = np.int32(2**31 - 1)
LONG_AGO = -30_000  # last purchase of one who never bought

CAUSES = ("none", "natural", "malicious", "competitive", "fault")
NATURAL, MALICIOUS, COMPETITIVE, FAULT = 1, 2, 3, 4

STAGES = (
    "potential", "aware", "prospect", "first buyer", "repeat buyer", "loyal", "advocate", "lapsed", "lost", "regained",
)  # fmt: skip
(
    POTENTIAL, AWARE_STAGE, PROSPECT, FIRST_BUYER, REPEAT_BUYER, LOYAL, ADVOCATE, LAPSED, LOST, REGAINED,
) = range(len(STAGES))  # fmt: skip
COMPLAINTS_BY_OUTCOME = ("none", "silent", "unanswered", "resolved")  # after a failure that made unhappy
SILENT, UNANSWERED, REDRESSED = 1, 2, 3


class Customers(NamedTuple):
    """All customers. N customers, J firms, K ties."""

    need: np.ndarray  # [N] shopping trips per period
    log_basket: np.ndarray  # [N] ln of mean quantity
    price_sensitivity: np.ndarray  # [N] utility per ln price, negative
    attention: np.ndarray  # [N] 1 takes notice of programmes, 0 does not
    redeem_hassle: np.ndarray  # [N] logits
    hassle: np.ndarray  # [N] cost of joining, usual purchases a year
    sociability: np.ndarray  # [N] talkativeness, mean 1
    dropout: np.ndarray  # [N] hazard after a purchase; under contract the multiplier of base hazards
    arrival: np.ndarray  # [N] int32 first period
    exit: np.ndarray  # [N] int32 period from which the customer has left the market
    aware: np.ndarray  # [N] int32 bit per firm
    gone: np.ndarray  # [N] int32 bit per firm left for good
    last: np.ndarray  # [N] int8 firm last bought from (the provider, under contract), -1 none
    phase: np.ndarray  # [N] int8 phase of the Erlang interval
    window: np.ndarray  # [2, N] int32 bit per firm bought from in this and the last measuring window
    said: np.ndarray  # [2, N] int8 what was said in even and odd periods: +-(firm + 1), 0 nothing
    ties: np.ndarray  # [K, N] uint32 whom one hears; strong ties first
    taste: np.ndarray  # [J, N] ln pi
    habit: np.ndarray  # [J, N] 0 to 1
    expectation: np.ndarray  # [J, N] points
    uncertainty: np.ndarray  # [J, N] points^2
    ideal: np.ndarray  # [J, N] points
    satisfaction: np.ndarray  # [J, N] points
    commitment: np.ndarray  # [J, N]
    opinion: np.ndarray  # [J, N] log-odds
    rate: np.ndarray  # [J, N] purchases per period as remembered at the last purchase
    last_bought: np.ndarray  # [J, N] int16 period
    visits: np.ndarray  # [J, N] int16 purchases so far
    history: np.ndarray  # [J, N] int16 purchases before the run, for those who have experience with the firm
    spent: np.ndarray  # [J, N] int32 cents paid so far
    cause: np.ndarray  # [J, N] int8 cause for which the firm was left
    considered: np.ndarray  # [N] int32 bit per firm that comes to mind
    stage: np.ndarray  # [J, N] int8 stage of the relationship, see STAGES
    contacts: np.ndarray  # [J, N] int16 contacts before the first purchase
    first_bought: np.ndarray  # [J, N] int16 period
    inclination: np.ndarray  # [N] logits, to join programmes; no customers without programmes
    value_weight: np.ndarray  # [8, N] points per point, of each kind of value and cost
    delivered: np.ndarray  # [J, N] points, delivered value of this period's offers
    trust: np.ndarray  # [J, N] 0 to 1
    unfairness: np.ndarray  # [J, N] unfairness felt
    grievance: np.ndarray  # [J, N] points of unsettled failures
    failures: np.ndarray  # [J, N] int8 failures met
    complaint: np.ndarray  # [J, N] int8 how the last failure that made him unhappy went on, see SILENT
    favour: np.ndarray  # [J, N] passing utility: thanks, curiosity
    offer: np.ndarray  # [J, N] share off the next purchase by a coupon, 0 none
    offer_ends: np.ndarray  # [J, N] int16 last period in which the coupon is valid
    sent: np.ndarray  # [3, N] int32 bit per firm: has had a sample, a win-back offer, an early-warning offer
    contact_wanted: np.ndarray  # [N] level of contact wanted
    discomfort: np.ndarray  # [N] points of experience that being known costs
    birthday: np.ndarray  # [N] int16 period of the year
    recommends: np.ndarray  # [N] int8 firm + 1 that he has resolved to recommend, 0 none
    introduced_by: np.ndarray  # [N] int32 who won him for a firm from which he has not bought yet, -1 nobody
    introduced_to: np.ndarray  # [N] int8 that firm
    breadth: np.ndarray  # [N] inclination to buy extra lines, mean 1
    demand: np.ndarray  # [N] for service, mean 1
    lines: np.ndarray  # [J, N] int32 extra lines bought so far
    margin: np.ndarray  # [J, N] int32 cents: paid, less the cost of goods, before the cost to serve
    served: np.ndarray  # [J, N] int32 cents: cost to serve so far
    match: np.ndarray  # [J, N] points by which what the firm delivers suits this customer better than others


class Members(NamedTuple):
    """Memberships. P programmes, L lots of all programmes together, Q programmes with tiers.

    Usable lots of a programme come first, then those pending, by the period in which they were earned.
    """

    joined: np.ndarray  # [P, N] int16 period of joining, -1 never a member, -2 not any more
    engaged: np.ndarray  # [P, N] int8 1 uses the card, 0 has given it up
    lots: np.ndarray  # [L, N] int32 credits by lot
    rewards: np.ndarray  # [P, N] int32 rewards redeemed so far
    tier: np.ndarray  # [Q, N] int8
    tier_spend: np.ndarray  # [.., N] int32 what qualifies (cents, visits, credits), by part of the qualifying period
    tier_shift: np.ndarray  # [Q, N] float32 tiers gained or lost that are still felt
    missed: np.ndarray  # [Q, N] int8 reviews failed in a row
    worth: np.ndarray  # [P, N] int32 cents: worth of rewards and of payments with credits so far
    counted: np.ndarray  # [.., N] int16 purchases of this period that counted, where there are limits
    period_credits: np.ndarray  # [.., N] int32 credits of this period, where there are limits
    notice: np.ndarray  # [.., N] int8 1: will leave when the bond ends, where terms are binding
    pooled: np.ndarray  # [.., N] int32 credits held by the rest of the household at the end of the last period
    gift_awaited: np.ndarray  # [P, N] float32 0 a birthday gift would surprise, 1 it is taken for granted
    referred: np.ndarray  # [P, N] int16 rewards for newcomers so far


class Levers(NamedTuple):
    """What the firms set, by period (T periods, J firms), float32."""

    price: np.ndarray  # [T, J] cents per unit
    log_price_ratio: np.ndarray  # [T, J] ln(price / usual price)
    usual_spend: np.ndarray  # [J] cents of a usual purchase
    service: np.ndarray  # [T, J] points
    inconsistency: np.ndarray  # [T, J] points
    promise: np.ndarray  # [T, J] points
    failure: np.ndarray  # [T, J] chance that a visit fails
    ease: np.ndarray  # [T, J] ease of complaining, 0 to 1
    effort: np.ndarray  # [T, J] share of complaints put right
    generosity: np.ndarray  # [T, J] what redress gives back, as a share of what was lost
    surprise_share: np.ndarray  # [T, J] share of visits that are surprised
    surprise_gain: np.ndarray  # [T, J] points
    recognition: np.ndarray  # [T, J] points, at every visit
    intrusion: np.ndarray  # [T, J] points: use of personal data beyond the service
    newcomer_discount: np.ndarray  # [T, J] share of price, on the first purchase
    value: np.ndarray  # [8, T, J] points; costs negative
    experiences: np.ndarray  # [5, T, J] points of sense, feel, think, act, relate, at every visit
    advertising: np.ndarray  # [T, J] chance to make an unaware customer aware in a period
    contact: np.ndarray  # [T, J] level of contact, 0 to 4
    posts: np.ndarray  # [T, J] posts in a period
    commercial: np.ndarray  # [T, J] share of commercial content in posts
    coverage: np.ndarray  # [T, J] share of customers on file who are no members
    file_error: np.ndarray  # [T, J] share of files that are wrong
    personal: np.ndarray  # [T, J] how far treatment follows the file
    sampling: np.ndarray  # [T, J] chance that a non-buyer gets a sample in a period
    win_back: np.ndarray  # [T, J] chance that a lost customer gets his offer in a period
    win_back_depth: np.ndarray  # [T, J] share off the first purchase
    win_back_repair: np.ndarray  # [T, J] worth of an apology and repair, in usual purchases
    win_back_by_cause: np.ndarray  # [T, J] 1: the offer answers the cause; 0: the price offer goes to all
    win_back_valid: np.ndarray  # [T, J] periods for which the coupon is valid
    warning: np.ndarray  # [T, J] share of his own pace below which a customer is sent an offer; 0: none
    warning_good: np.ndarray  # [T, J] purchases per period of a customer worth it
    warning_depth: np.ndarray  # [T, J] share off the next purchase
    warning_valid: np.ndarray  # [T, J] periods for which the coupon is valid
    standing: np.ndarray  # [J] share of tastes against the largest firm's
    suggestion: np.ndarray  # [T, J] share of purchases that come with suggestions or packages
    line_price: np.ndarray  # [T, J] cents for an extra line; 0: the firm has none
    service_cost: np.ndarray  # [T, J] cents to serve a purchase
    unit_cost: np.ndarray  # [J] cents per unit
    line_cost: np.ndarray  # [J] cents per extra line


# Columns of the firms' totals, int64 [T, J, ...]: counts, cents, thousandths of units and of points.
FIRM_TOTALS = (
    "purchases", "buyers", "quantity", "sales", "repeat_base", "repeats", "window_base", "retained",
    "new_buyers", "left_natural", "left_malicious", "left_competitive", "left_fault", "experience", "expectation",
    "satisfaction", "positive_talk", "negative_talk", "member_purchases", "member_sales", "subscribers", "aware",
    "satisfied_natural", "satisfied_malicious", "satisfied_competitive", "satisfied_fault", "contacts", "contacts_won",
    "failures", "unhappy", "complaints", "resolved", "restored", "surprises", "left_silent", "left_unanswered",
    "left_resolved",
    "contacted", "posts_read", "on_file", "personalised", "misaddressed", "samples", "offers_redeemed", "offer_discount",
    "warnings", "false_warnings", "win_back_offers", "repairs", "won_back", "referral_asked", "referral_intended",
    "referral_acted", "referral_told", "referral_won", "referral_converted",
    "lines", "line_sales", "service_cost",
)  # fmt: skip
# Columns of the programmes' totals, int64 [T, P, ...].
PROGRAMME_TOTALS = (
    "joined", "left", "fees", "earned", "granted", "redeemed", "expired", "forfeited", "rewards", "discount",
    "purchases", "purchases_near_goal", "abandoned", "active", "promoted", "demoted", "bought", "partner_earned",
    "transferred", "reward_value", "reward_cost", "paid_with_credits", "loaded", "partner_redeemed", "exit_fees", "trials",
    "matched", "gifts", "referral_rewards",
)  # fmt: skip
# Columns of the market's totals, int64 [T, ...].
MARKET_TOTALS = ("trips", "present", "arrived", "left_market")


(
    PURCHASES, BUYERS, QUANTITY, SALES, REPEAT_BASE, REPEATS, WINDOW_BASE, RETAINED,
    NEW_BUYERS, LEFT_NATURAL, LEFT_MALICIOUS, LEFT_COMPETITIVE, LEFT_FAULT, EXPERIENCE_SUM, EXPECTATION_SUM,
    SATISFACTION_SUM, POSITIVE_TALK, NEGATIVE_TALK, MEMBER_PURCHASES, MEMBER_SALES, SUBSCRIBERS, AWARE,
    SATISFIED_NATURAL, SATISFIED_MALICIOUS, SATISFIED_COMPETITIVE, SATISFIED_FAULT, CONTACTS, CONTACTS_WON,
    FAILURES, UNHAPPY, COMPLAINTS, RESOLVED, RESTORED, SURPRISES, LEFT_SILENT, LEFT_UNANSWERED, LEFT_RESOLVED,
    CONTACTED, POSTS_READ, ON_FILE, PERSONALISED, MISADDRESSED, SAMPLES, OFFERS_REDEEMED, OFFER_DISCOUNT,
    WARNINGS, FALSE_WARNINGS, WIN_BACK_OFFERS, REPAIRS, WON_BACK, REFERRAL_ASKED, REFERRAL_INTENDED,
    REFERRAL_ACTED, REFERRAL_TOLD, REFERRAL_WON, REFERRAL_CONVERTED,
    LINES, LINE_SALES, SERVICE_COST,
) = range(len(FIRM_TOTALS))  # fmt: skip
(
    JOINED, LEFT, FEES, EARNED, GRANTED, REDEEMED_CREDITS, EXPIRED, FORFEITED, REWARDS, DISCOUNT,
    PROGRAMME_PURCHASES, NEAR_GOAL, ABANDONED, ACTIVE, PROMOTED, DEMOTED, BOUGHT_CREDITS, PARTNER_EARNED,
    TRANSFERRED, REWARD_VALUE, REWARD_COST, PAID_WITH_CREDITS, LOADED, PARTNER_REDEEMED, EXIT_FEES, TRIALS,
    MATCHED, GIFTS, REFERRAL_REWARDS,
) = range(len(PROGRAMME_TOTALS))  # fmt: skip
TRIPS_MADE, PRESENT, ARRIVED, LEFT_MARKET = range(len(MARKET_TOTALS))


class Totals(NamedTuple):
    """What is counted while the market runs. Sums of integers: the same whatever the order and the number of threads."""

    firms: np.ndarray  # [T, J, len(FIRM_TOTALS)] int64
    programmes: np.ndarray  # [T, P, len(PROGRAMME_TOTALS)] int64
    market: np.ndarray  # [T, len(MARKET_TOTALS)] int64
    stages: np.ndarray  # [T, J, stage before, stage after] int64: relationships; no firms when stages are off


def new_totals(periods: int, firms: int, programmes: int, stages: bool = False) -> Totals:
    """Totals of zero; `stages`: with the stages of relationships."""
    return Totals(
        np.zeros((periods, firms, len(FIRM_TOTALS)), np.int64),
        np.zeros((periods, programmes, len(PROGRAMME_TOTALS)), np.int64),
        np.zeros((periods, len(MARKET_TOTALS)), np.int64),
        np.zeros((periods, firms if stages else 0, len(STAGES), len(STAGES)), np.int64),
    )


# Columns of the purchases on record, float64 [R, ...] (every value is exact there).
PURCHASE_COLUMNS = (
    "period", "customer", "trip", "occasion", "firm", "quantity", "spend", "price", "member", "credits_before", "redeemed",
    "experience", "expectation_before", "satisfaction_after", "cause", "held_by", "shortfall", "complaint",
    "value_held_by",
)  # fmt: skip


class Panel(NamedTuple):
    """Where purchases of the customers on record go; `rows` [R, columns], `count` [1]."""

    on: np.int32
    member: np.ndarray  # [N] uint8 1: on record
    rows: np.ndarray  # [R, len(PURCHASE_COLUMNS)] float64
    count: np.ndarray  # [1] int64
