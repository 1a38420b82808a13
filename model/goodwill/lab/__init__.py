"""The laboratory: comparisons, calibration, validation."""
