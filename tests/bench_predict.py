"""Time the package's Gaussian windows against MONAI's on the same network, image and windows.

`python tests/bench_predict.py [runs]` prints the ratio of the medians; a script, not a test, for time is not exact.
"""

import statistics
import sys
import time

import torch
from monai.inferers import sliding_window_inference
from monai.networks.nets import BasicUNet

from unet_teach.predict import sliding_window

SIZE, WINDOW, BATCH = 512, 128, 4


def main(runs: int = 7) -> float:
    """Run the two in turn, print each median in seconds and their ratio, and return the ratio."""
    torch.manual_seed(0)
    network = BasicUNet(spatial_dims=2, in_channels=1, out_channels=2, features=(16, 16, 32, 64, 128, 16)).eval()
    network.to(memory_format=torch.channels_last)
    image = torch.randn(1, SIZE, SIZE)

    def ours():
        return sliding_window(network, image, WINDOW, overlap=0.5, batch=BATCH)

    @torch.inference_mode()
    def monais():
        return sliding_window_inference(image[None], WINDOW, BATCH, network, overlap=0.5, mode="gaussian")[0]

    torch.testing.assert_close(ours(), monais(), atol=1e-4, rtol=1e-4)  # the same answer, and both warmed up
    seconds = {ours: [], monais: []}
    for run in range(runs):
        for predict in (ours, monais) if run % 2 == 0 else (monais, ours):
            start = time.perf_counter()
            predict()
            seconds[predict].append(time.perf_counter() - start)
    mine, theirs = (statistics.median(times) for times in seconds.values())
    print(f"{SIZE} x {SIZE} pixels, windows of {WINDOW}, {BATCH} at once, {torch.get_num_threads()} threads")
    print(f"unet_teach {mine:.3f} s, MONAI {theirs:.3f} s, ratio {mine / theirs:.3f} (median of {runs})")
    return mine / theirs


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
