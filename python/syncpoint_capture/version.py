"""The version, which dumps name as their producer."""

__version__ = "0.1.0"
