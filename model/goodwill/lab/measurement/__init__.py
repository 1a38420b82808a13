"""The measurement lab: simulated data sets whose truth is known, and what an analyst's estimators make of them."""
