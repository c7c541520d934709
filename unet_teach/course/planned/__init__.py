"""Chapter 18's two data sets, learned from a plan here and by nnU-Net itself, on the same cases."""
