package dev.graft.base;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The numbers of a Deeplearning4j model, {@code coefficients.bin}: one vector of floats, as ND4J writes it. ND4J's own
 * reader hands whatever shape a file claims to native code, and takes memory for it before it has seen the numbers.
 */
final class Coefficients {

    private static final String MODE = "MIXED_DATA_TYPES";

    private Coefficients() {}

    /**
     * Reads the vector.
     *
     * @throws IOException when it is something else, or too short; the file's fault
     */
    static float[] read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        long numbers = header(in, "LONG");
        // The rank, then lengths and strides of the axes, then three numbers that say nothing new.
        long rank = in.readLong();
        if (rank < 1 || rank > 2 || numbers != 2 * rank + 4) {
            throw new IOException("its weights must be one vector, but have " + rank + " axes");
        }
        long product = 1;
        for (int axis = 0; axis < rank; axis++) {
            long length = in.readLong();
            if (length < 1 || length > Integer.MAX_VALUE || product > 1 && length > 1) {
                throw new IOException("its weights must be one vector");
            }
            product *= length;
        }
        for (long rest = 3 + rank; rest > 0; rest--) {
            in.readLong();
        }
        long length = header(in, "FLOAT");
        if (length != product || length > Integer.MAX_VALUE / 4) {
            throw new IOException("its weights claim " + length + " numbers in a vector of " + product);
        }
        // Takes memory as bytes come, not as they are claimed.
        byte[] bytes = in.readNBytes(Math.toIntExact(4 * length));
        if (bytes.length < 4 * length) {
            throw new EOFException("its weights end too early");
        }
        float[] values = new float[(int) length];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }

    private static long header(DataInputStream in, String type) throws IOException {
        String mode = in.readUTF();
        long length = in.readLong();
        String found = in.readUTF();
        if (!mode.equals(MODE) || !found.equals(type)) {
            throw new IOException("its weights must be floats as Graft writes them");
        }
        return length;
    }
}
