"""A district of real shapes, and defects sown in it with what must be found of them."""
