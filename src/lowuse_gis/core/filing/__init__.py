"""Filing: values, fields and sheets of a package as its profile states them."""
