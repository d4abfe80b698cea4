"""Learn from an accepted delivery what a package should be like."""
