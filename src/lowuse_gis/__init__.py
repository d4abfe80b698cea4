"""Find, explain and redevelop low-use land (低效用地再开发)."""

__version__ = "0.1.0"
