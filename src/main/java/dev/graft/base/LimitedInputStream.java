package dev.graft.base;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends with an error where a stream yields more than it may, as packed bytes that grow without end do. */
final class LimitedInputStream extends FilterInputStream {

    private final long maxBytes;
    private final String name;
    private long read;

    /**
     * Watches over a stream.
     *
     * @param maxBytes the most it may yield
     * @param name what the message calls it
     */
    LimitedInputStream(InputStream in, long maxBytes, String name) {
        super(in);
        this.maxBytes = maxBytes;
        this.name = name;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        count(Math.max(count, 0));
        return count;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long count = in.skip(bytes);
        count(count);
        return count;
    }

    private void count(long bytes) {
        read += bytes;
        if (read > maxBytes) {
            throw new WeightException(name + " is larger than " + maxBytes + " bytes, which is too large for weights");
        }
    }
}
