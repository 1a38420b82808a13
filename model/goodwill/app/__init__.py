"""The page for a small market: sliders, a programme to switch on, and what it does, period by period, in the browser."""
