"""Heads with a tumour that never were, in four MR sequences, with the labels of the challenge of 2015."""

from unet_teach.data.phantoms.heads.scan import HEAD_REGIONS, Head, head

__all__ = ["HEAD_REGIONS", "Head", "head"]
