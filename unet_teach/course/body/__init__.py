"""Chapter 21's laboratory: its charts, its live slices, and its exam, which is opened once."""
