"""Measured facts of deliveries, table by table, and the judgement of checks over them."""
