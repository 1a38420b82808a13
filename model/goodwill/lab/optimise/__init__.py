"""Choosing: search the levers of a firm for the best design, or for the front of good ones, and check it on luck of its own."""
