"""The debugging clinic of chapter 11: eight training runs that go wrong without a word, their mends, and tests."""
