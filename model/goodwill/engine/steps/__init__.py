"""The period on a tile: one file per step, one short loop per rule."""
