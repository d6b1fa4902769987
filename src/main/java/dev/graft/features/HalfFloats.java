package dev.graft.features;

/** IEEE 754 binary16 numbers, which Java 17 does not know: one bit of sign, five of exponent, ten of fraction. */
final class HalfFloats {

    /** The largest finite value. */
    static final float MAX = 65_504;

    /** From here on, rounding gives infinity: halfway between the largest value and what would follow it. */
    private static final int TOO_LARGE = Float.floatToIntBits(65_520);

    private static final int INFINITE = Float.floatToIntBits(Float.POSITIVE_INFINITY);
    private static final int SMALLEST_NORMAL = Float.floatToIntBits(0x1p-14f);
    private static final int SMALLEST_ROUNDED_UP = Float.floatToIntBits(0x1p-25f);

    /** What each of the 65,536 is as a float: one look-up instead of taking the bits apart. */
    private static final float[] VALUES = new float[1 << Short.SIZE];

    static {
        for (int half = 0; half < VALUES.length; half++) {
            VALUES[half] = value(half);
        }
    }

    private HalfFloats() {}

    /** Returns the value of a half, exactly. */
    static float toFloat(short half) {
        return VALUES[half & 0xffff];
    }

    private static float value(int half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >> 10 & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            return Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign));
        }
        int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /** Returns the nearest half, of two equally near ones the even one; infinity from 65,520 on; NaN for NaN. */
    static short ofFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & Integer.MAX_VALUE;
        if (magnitude > INFINITE) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= TOO_LARGE) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < SMALLEST_ROUNDED_UP) {
            return (short) sign;
        }
        if (magnitude >= SMALLEST_NORMAL) {
            // A carry out of the fraction is what the exponent must become.
            return (short) (sign | rounded(magnitude - (127 - 15 << 23), 13));
        }
        int significand = magnitude & 0x7f_ffff | 0x80_0000;
        return (short) (sign | rounded(significand, 126 - (magnitude >>> 23)));
    }

    /** Drops the last bits of a number that is not negative, rounding to the nearest, then to even. */
    private static int rounded(int number, int bits) {
        int kept = number >> bits;
        int rest = number & (1 << bits) - 1;
        int middle = 1 << bits - 1;
        return rest > middle || (rest == middle && (kept & 1) == 1) ? kept + 1 : kept;
    }
}
