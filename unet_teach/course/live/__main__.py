"""`python -m unet_teach.course.live`: make the ONNX of the network in the page again, from its weights."""

from unet_teach.course.live.frozen import HERE, write_live_onnx

if __name__ == "__main__":
    print(write_live_onnx(HERE / "live.onnx").name)
