"""The rules of behaviour: one file per subject, each rule a small pure scalar function.

Both engines call these same functions. All numbers are float32 unless a docstring says otherwise; i is a customer, j a
firm, t a period. ``goodwill.rules.registry`` lists the rules a user may replace.
"""
