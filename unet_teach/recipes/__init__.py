"""Recipes: one data set each, how the course trains and scores on it, and the rule without learning to beat."""
