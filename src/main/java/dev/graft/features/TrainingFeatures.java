package dev.graft.features;

/** The features of the training images, epoch by epoch; augmented images differ between epochs. */
public interface TrainingFeatures {

    /** Returns the number of training images. */
    int images();

    /** Returns the axes of one image's features: {@code [values]} or {@code [channels, height, width]}. */
    int[] shape();

    /**
     * Copies the features of some images into an array, one after the other.
     *
     * @param epoch from 1
     * @param images indexes of training images
     * @param from the first of them to copy
     * @param count how many to copy
     */
    void read(int epoch, int[] images, int from, int count, float[] into);

    /** Says whether every reading computes the features anew. */
    default boolean isRecomputed() {
        return false;
    }

    /** Returns the stored features of a file, its views cycled through: epoch 1 sees view 0. */
    static TrainingFeatures of(FeatureFile file) {
        return new TrainingFeatures() {
            @Override
            public int images() {
                return file.trainImages();
            }

            @Override
            public int[] shape() {
                return file.shape();
            }

            @Override
            public void read(int epoch, int[] images, int from, int count, float[] into) {
                int firstRow = (epoch - 1) % file.views() * file.trainImages();
                for (int i = 0; i < count; i++) {
                    file.read(firstRow + images[from + i], into, i * file.rowLength());
                }
            }
        };
    }
}
