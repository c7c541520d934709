"""The helper package of a course on U-Nets: small, readable, typed, and checked."""

__version__ = "0.1.0"
