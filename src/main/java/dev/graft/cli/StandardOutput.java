package dev.graft.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output that remembers what went wrong, since writers above it only remember that something did: a reader that
 * has seen enough ({@code | head}) is no failure, a full disk is.
 */
final class StandardOutput extends OutputStream {

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private String failure = "";

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
                failure = String.valueOf(e.getMessage());
            }
            throw e;
        }
    }

    /** Returns why output was lost; empty when none was, or nobody wanted it. */
    String failure() {
        return failure;
    }
}
