"""Published regularities held against the model: what each says, how it is measured in a run, and whether it is met.

`targets.yaml` holds the statements, sources and criteria as data; the modules by subject hold one measurement for each.
"""
