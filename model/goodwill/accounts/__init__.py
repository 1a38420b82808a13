"""Accounts: one ledger in which every amount is posted once, credits and what they are owed for."""
