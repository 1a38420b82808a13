"""Many small pieces of work, done once each, in any order, on any executor, and kept: a kill loses what was in flight and no more."""
