"""Filing: datasets of a result, and the layers and sheets a profile makes of them."""
