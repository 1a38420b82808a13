"""The engines: named random draws, float32 arithmetic, tiles and threads, the network, the reference engine."""
