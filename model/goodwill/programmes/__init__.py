"""Programmes: one small class each, translated into the primitive mechanics the engine knows.

The primitives are earn, hold, expire, burn, tier, benefit and fee (`goodwill.programmes.terms.Terms`) for what
members get, and changes of a firm's levers (price, service) for what every customer gets. Any combination runs
compiled.
"""
