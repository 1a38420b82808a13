"""Reports: the verdict of a comparison in words, its table in a terminal and a notebook, and one HTML file to forward."""
