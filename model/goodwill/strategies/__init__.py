"""Strategies: one small class for each way of steering a firm.

A strategy reads an `Observation` - what the firm measured, its own books, what anybody can see of its rivals - and answers with
actions on its own levers. It never sees customers or rivals' books.
"""
