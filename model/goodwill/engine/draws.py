"""The names of all random draws.

A draw is a function of (seed, replicate, customer, period, occasion, name), so nothing one customer does can shift
another's luck, and a
mechanism that is switched on reads draws nobody read before. A name stands for a stream and a word in it; decisions made
at the same moment share the four words of one Philox block. Registering a name or a place twice raises.

Counter words: customer, period, occasion, stream + 256 * block (a block is four firms, or one programme). Key words: seed, replicate.
"""

from __future__ import annotations

import numpy as np

_names: dict[str, tuple[int, int]] = {}


def name_draw(name: str, stream: int, word: int) -> np.uint32:
    """Register a draw; returns its stream. Raises ValueError when the name or the place is taken."""
    if not 0 <= word < 4 or not 0 <= stream < 256:
        raise ValueError(f"draw {name!r}: stream must be 0 to 255 and word 0 to 3, got {stream} and {word}")
    if name in _names:
        raise ValueError(f"draw {name!r} is registered twice")
    for other, place in _names.items():
        if place == (stream, word):
            raise ValueError(f"draw {name!r}: stream {stream} word {word} belongs to {other!r}")
    _names[name] = (stream, word)
    return np.uint32(stream)


def named_draws() -> dict[str, tuple[int, int]]:
    """All names with their stream and word."""
    return dict(_names)


# One block per customer and period.
PERIOD = name_draw("shopping trips", 1, 0)
name_draw("natural exit", 1, 1)
name_draw("talk", 1, 2)
name_draw("ended by the firm", 1, 3)
CONTRACT = name_draw("leaving under contract", 2, 0)
name_draw("cause of leaving under contract", 2, 1)
name_draw("heard through advertising", 2, 2)  # one block for each firm
# One block per customer, period, trip and four firms.
CHOICE = name_draw("luck of firm 0 of 4 at a choice", 3, 0)
for _firm in (1, 2, 3):
    name_draw(f"luck of firm {_firm} of 4 at a choice", 3, _firm)
SWITCH = name_draw("luck of firm 0 of 4 at a change of provider", 4, 0)
for _firm in (1, 2, 3):
    name_draw(f"luck of firm {_firm} of 4 at a change of provider", 4, _firm)
# One block per customer, period and trip.
TRIP = name_draw("buying nothing", 5, 0)
name_draw("a second brand", 5, 1)
# One block per customer, period and purchase.
PURCHASE = name_draw("experience", 6, 0)
name_draw("quantity", 6, 1)
name_draw("dropping out after a purchase", 6, 2)
name_draw("lapse to a rival", 6, 3)
# One block per customer, period, purchase and programme.
PROGRAMME = name_draw("redeem", 7, 0)
name_draw("join", 7, 1)
name_draw("give the card up", 7, 2)
name_draw("take the card up again", 7, 3)
RENEWAL = name_draw("renew a paid membership", 8, 0)
TENDER = name_draw("pay with credits", 55, 0)
name_draw("load money", 55, 1)
name_draw("redeem at a partner", 55, 2)
# One block per customer, period and programme.
PARTNERS = name_draw("purchases from partners", 56, 0)
# One block per customer, period and firm.
MIND = name_draw("a firm comes to mind or is forgotten", 45, 0)
# Encounter: one block per customer, period and purchase.
ENCOUNTER = name_draw("failure", 40, 0)
name_draw("complaint", 40, 1)
name_draw("redress", 40, 2)
name_draw("surprise", 40, 3)
SEVERITY = name_draw("severity: first of six", 41, 0)
for _word, _name in enumerate(("second", "third", "fourth"), 1):
    name_draw(f"severity: {_name} of six", 41, _word)
SEVERITY_2 = name_draw("severity: fifth of six", 42, 0)
name_draw("severity: sixth of six", 42, 1)
GRIEVANCE = name_draw("leaving over a failure", 43, 0)  # one block per period and firm
# What firms send, one block per customer, period and firm.
SENT = name_draw("reached by a win-back offer", 50, 0)
name_draw("answer to a win-back offer", 50, 1)
name_draw("given a sample", 50, 2)
name_draw("experience of a sample", 50, 3)
POSTS = name_draw("reading a firm's posts", 51, 0)
RECOMMEND = name_draw("occasion to recommend", 52, 0)
name_draw("intention to recommend", 52, 1)
name_draw("recommending", 52, 2)
TOLD = name_draw("telling a tie", 53, 0)  # of the one who recommends; the occasion is the place among his ties
name_draw("being won by a recommendation", 53, 1)
GIFT = name_draw("surprise gift", 54, 0)  # one block per programme
# One block per customer, period and purchase.
ACROSS = name_draw("extra lines with a purchase", 46, 0)
# Traits, drawn once per customer (period 0; the occasion counts attempts, the block firms).
TASTE = name_draw("taste: normal", 20, 0)
name_draw("taste: acceptance", 20, 1)
name_draw("taste: small shape", 20, 2)
NEED = name_draw("need: normal", 21, 0)
name_draw("need: acceptance", 21, 1)
name_draw("need: small shape", 21, 2)
TRAITS = name_draw("basket", 22, 0)
name_draw("price sensitivity", 22, 1)
name_draw("attention", 22, 2)
name_draw("cost of redeeming", 22, 3)
TRAITS_2 = name_draw("hassle", 23, 0)
name_draw("sociability", 23, 1)
name_draw("arrival", 23, 2)
name_draw("phase of the trip interval", 23, 3)
TRAITS_3 = name_draw("newcomer", 24, 0)
name_draw("panel", 24, 1)
AWARENESS = name_draw("aware at the start", 25, 0)  # one block for each firm
PROVIDER = name_draw("luck of firm 0 of 4 at the first contract", 26, 0)
for _firm in (1, 2, 3):
    name_draw(f"luck of firm {_firm} of 4 at the first contract", 26, _firm)
DROPOUT_A = name_draw("dropout a: normal", 27, 0)
name_draw("dropout a: acceptance", 27, 1)
name_draw("dropout a: small shape", 27, 2)
DROPOUT_B = name_draw("dropout b: normal", 28, 0)
name_draw("dropout b: acceptance", 28, 1)
name_draw("dropout b: small shape", 28, 2)
HISTORY = name_draw("purchases before the run", 30, 0)  # one block for each firm
INCLINATION = name_draw("inclination to join", 79, 0)
HOLDOUT = name_draw("kept out of a programme at random", 80, 0)  # one block for each programme
TIE = name_draw("rewire a tie", 29, 0)
name_draw("tie: first try", 29, 1)
name_draw("tie: second try", 29, 2)
name_draw("tie: third try", 29, 3)
VALUE_BENEFITS = name_draw("weight of product value", 70, 0)
for _word, _name in enumerate(("service", "personnel", "image"), 1):
    name_draw(f"weight of {_name} value", 70, _word)
VALUE_COSTS = name_draw("weight of money cost", 71, 0)
for _word, _name in enumerate(("time", "energy", "psychic"), 1):
    name_draw(f"weight of {_name} cost", 71, _word)
# One block per firm: who is asked by its instruments, and what he answers.
SURVEY = name_draw("order in which customers are asked", 60, 0)
name_draw("answers a survey", 60, 1)
name_draw("noise of an answer about satisfaction", 60, 2)
name_draw("noise of an answer about recommending", 60, 3)
LOST = name_draw("reached after leaving", 61, 0)
name_draw("gives another cause for leaving", 61, 1)
name_draw("which other cause", 61, 2)
name_draw("order in which a household panel is drawn", 61, 3)
# One block per firm; NOBODY, or the number of a visit, takes the customer's place.
STRATEGY = name_draw("a strategy's first luck", 62, 0)
name_draw("a strategy's second luck", 62, 1)
name_draw("experience of a mystery shopper", 62, 2)
NOBODY = np.uint32(2**32 - 1)
FILE = name_draw("on file with a firm", 76, 0)  # one block for each firm
name_draw("file is wrong", 76, 1)
TOUCH = name_draw("contact wanted", 77, 0)
name_draw("privacy concern", 77, 1)
name_draw("birthday", 77, 2)
SPENDER = name_draw("inclination to buy extra lines", 73, 0)
name_draw("service asked for", 73, 1)
MATCH = name_draw("match of customer and firm", 74, 0)  # one block for each firm
