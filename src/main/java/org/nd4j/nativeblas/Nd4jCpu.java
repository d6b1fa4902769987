package org.nd4j.nativeblas;

/**
 * Stands where Deeplearning4j 1.0.0-M2.1 looks for the native library's settings. Its convolution, pooling and batch
 * normalisation layers ask the class of this name whether oneDNN is there; ND4J moved that class long ago, so without
 * this one the answer is always no, and convolutions go through im2col. See docs/decisions/0011.
 */
public final class Nd4jCpu {

    private Nd4jCpu() {}

    /** The settings: only the one that is asked for, by its old name, through reflection. */
    public static final class Environment {

        private static final Environment INSTANCE = new Environment();

        private Environment() {}

        /** Returns the only one. */
        public static Environment getInstance() {
            return INSTANCE;
        }

        /** Returns whether the native library in use was built with oneDNN. */
        public boolean isUseMKLDNN() {
            return NativeOpsHolder.getInstance()
                    .getDeviceNativeOps()
                    .buildInfo()
                    .contains("HAVE_ONEDNN");
        }
    }
}
