"""`python -m unet_teach.course.live`: make the ONNX of the two networks in the pages again, from their weights."""

from unet_teach.course.live.clicking import write_clicks_onnx
from unet_teach.course.live.frozen import HERE, write_live_onnx

if __name__ == "__main__":
    for path in (write_live_onnx(HERE / "live.onnx"), write_clicks_onnx(HERE / "clicks.onnx")):
        print(path.name)
