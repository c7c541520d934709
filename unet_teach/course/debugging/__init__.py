"""The debugging clinic of chapter 12: runs that go wrong without a word, some that do not, their mends and tests."""
