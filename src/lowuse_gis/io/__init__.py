"""Files to typed objects and back; everything that touches disk is here."""
