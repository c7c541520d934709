import ij.ImagePlus;
import ij.io.Opener;
import ij.measure.Calibration;
import ij.process.ImageProcessor;

/** What ImageJ, which Fiji is built on, finds in files: a line each, without a screen. */
public class Opened {
    public static void main(String[] paths) {
        for (String path : paths) {
            ImagePlus image = new Opener().openImage(path);
            Calibration scale = image.getCalibration();
            StringBuilder values = new StringBuilder();
            for (int slice = 1; slice <= image.getStackSize(); slice++) {
                ImageProcessor pixels = image.getStack().getProcessor(slice);
                for (int at = 0; at < pixels.getPixelCount(); at++) values.append(pixels.get(at)).append(' ');
            }
            System.out.println(String.join(";",
                image.getNSlices() + "," + image.getHeight() + "," + image.getWidth() + "," + image.getNChannels(),
                scale.pixelDepth + "," + scale.pixelHeight + "," + scale.pixelWidth, scale.getUnit(),
                image.getDisplayRangeMin() + "," + image.getDisplayRangeMax(), values.toString().trim()));
        }
    }
}
