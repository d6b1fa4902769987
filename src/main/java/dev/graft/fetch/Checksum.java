package dev.graft.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A digest of a file's bytes.
 *
 * @param algorithm how it is computed
 * @param hex its value in lower-case hex
 */
public record Checksum(Algorithm algorithm, String hex) {

    /** The digests that publishers give. MD5 tells a broken download, not a forged one. */
    public enum Algorithm {
        /** Where nothing better is published. */
        MD5("MD5", 32),
        /** What Graft itself records. */
        SHA_256("SHA-256", 64);

        private final String word;
        private final int digits;

        Algorithm(String word, int digits) {
            this.word = word;
            this.digits = digits;
        }

        /** Returns its usual name. */
        public String word() {
            return word;
        }

        /** Returns a fresh digest to be fed. */
        public MessageDigest digest() {
            try {
                return MessageDigest.getInstance(word);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + word, e);
            }
        }
    }

    /** Takes either case. */
    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
        if (!hex.matches("[0-9a-f]{" + algorithm.digits + "}")) {
            throw new IllegalArgumentException(
                    algorithm.word + " must be " + algorithm.digits + " hex digits, but was " + hex);
        }
    }

    /** Takes a published MD5. */
    public static Checksum md5(String hex) {
        return new Checksum(Algorithm.MD5, hex);
    }

    /** Takes a published SHA-256. */
    public static Checksum sha256(String hex) {
        return new Checksum(Algorithm.SHA_256, hex);
    }

    /** Computes the digest of a file. */
    public static Checksum of(Algorithm algorithm, Path file) throws IOException {
        MessageDigest digest = algorithm.digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public String toString() {
        return algorithm.word + " " + hex;
    }
}
