"""Statistics of simulated experiments: intervals, pairing, stopping, planning, several arms, segments and single customers."""
