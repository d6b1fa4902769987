package dev.graft.data;

import dev.graft.fetch.Checksum;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256, which every Java platform has, without the checked exception that says it might not. */
public final class Sha256 {

    private Sha256() {}

    /** Returns a fresh digest to be fed. */
    public static MessageDigest digest() {
        return Checksum.Algorithm.SHA_256.digest();
    }

    /** Returns the digest of a text's UTF-8 bytes. */
    public static byte[] of(String text) {
        return digest().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the digest of a text's UTF-8 bytes, in hex. */
    public static String hex(String text) {
        return HexFormat.of().formatHex(of(text));
    }
}
