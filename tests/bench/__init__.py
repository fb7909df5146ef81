"""`make bench`: what the hot paths cost, beside a floor that does nothing but forward, all in one run."""
