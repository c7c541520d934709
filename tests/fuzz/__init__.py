"""What breaks it: files that were damaged, masks of every kind, pictures and networks of every size.

`make fuzz` runs all of it, `tests/test_fuzz.py` a small part. Everything is drawn from one seed.
"""
