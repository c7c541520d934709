"""Are the checkers good examiners? Each exercise's solution is changed in one place, and its checker must notice.

`make mutants`, or `make mutants NB=03`. A changed solution that still passes has to be killed by a better checker, or
stands in `EQUIVALENT` in the checker's module, with the reason why it is right.
"""
