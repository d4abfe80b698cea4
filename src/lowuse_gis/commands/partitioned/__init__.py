"""Judging partition by partition: steps over one partition each, and joins between them."""
