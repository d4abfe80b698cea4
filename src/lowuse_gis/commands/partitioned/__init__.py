"""``lowuse classify`` on a folder of partitions: steps over one partition each, and joins between."""
