"""What is measured: repeat-buying norms and measures, and the analytic null models they are held against.

`dirichlet` and `bgnbd` are the null models (what buying looks like when no firm does anything about loyalty),
`repeat_buying` counts data, and `complete_journey` loads the one public panel the counting was settled on.
Nothing here knows the simulation: a purchase table is enough.
"""
