"""A slow, plain second opinion: every measure and verdict worked out anew, one parcel at a time.

Nothing here shares code with the program; it was written from the rules and the words of the
specification alone. See test_oracle.py for the comparison.
"""
