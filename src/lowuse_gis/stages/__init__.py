"""The stages of the road: a survey in, a survey out. They never call each other."""
