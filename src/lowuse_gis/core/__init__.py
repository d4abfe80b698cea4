"""Pure functions: arrays and Series in, arrays and Series out; no file, no terminal."""
