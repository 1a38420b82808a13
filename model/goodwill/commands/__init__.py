"""The commands, one module per group.

Each module has `register(app)`, which adds its commands to the program. At the top it imports typer and the
standard library and nothing else: everything heavy is imported inside the commands, so that `goodwill --help`
answers at once.
"""
