"""What is made of a region once it is there: measures, predictions, reports.

Teaching code: nothing here is for diagnosis.
"""
