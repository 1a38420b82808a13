"""Figures of paper quality: colours that everybody can tell apart, labels on the lines, units on the axes."""
