"""The survey report: what a document says of a result, as plain data."""
