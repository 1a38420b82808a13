"""Scenario files: declarations of every parameter, validation, presets and the JSON schema."""
