"""Instruments: how firms learn the truth, with samples, costs, non-response and bias. One file each.

An instrument is given the true market (`Market`) and delivers figures, each beside the truth it is about. Firms are shown the
measured value only; records show both.
"""
