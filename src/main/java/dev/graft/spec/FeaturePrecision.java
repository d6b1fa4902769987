package dev.graft.spec;

import java.util.Locale;

/** The numbers in which features are stored. */
public enum FeaturePrecision {
    /** IEEE 754 binary32: as they are computed. */
    FLOAT32(Float.BYTES),
    /** IEEE 754 binary16: half the space, and values to some three digits. */
    FLOAT16(Short.BYTES);

    private final int bytes;

    FeaturePrecision(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /** Returns the name that sweep files and feature keys use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what a word of {@link #word} means. */
    public static FeaturePrecision of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
