"""Understanding a study: what decides the outcome, when an arm loses, how it stands up to doubt, where it breaks even."""
