"""Learning to divide images without a label: the W-Net's training, and what came before it (chapter 16)."""
