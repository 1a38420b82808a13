"""Studies: a file that says what is asked, the runs that answer it, and the tables that come of them."""
