package dev.graft.data;

/**
 * What the markers of a JPEG before its image data say.
 *
 * @param components the number of bands; 0 for bytes that are no JPEG
 * @param adobe whether an Adobe marker is present
 * @param transform the Adobe marker's colour transform: 0 none, 1 YCbCr, 2 YCCK
 * @param exif whether there is an EXIF segment
 * @param plain whether it is of the usual kind, which every decoder reads alike: 8 bits, Huffman coded, and either grey or
 *     beyond doubt YCbCr
 */
record JpegMarkers(int components, boolean adobe, int transform, boolean exif, boolean plain) {

    static final JpegMarkers NONE = new JpegMarkers(0, false, 0, false, false);

    private static final int START_OF_SCAN = 0xDA;

    /** Walks the markers up to the image data. */
    static JpegMarkers of(byte[] bytes) {
        int frames = 0;
        int components = 0;
        boolean usual = false;
        boolean luminanceFirst = false;
        boolean scan = false;
        boolean exif = false;
        boolean adobe = false;
        int transform = 0;
        int at = 2;
        while (at + 4 <= bytes.length && at(bytes, at) == 0xFF) {
            int marker = at(bytes, at + 1);
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == START_OF_SCAN) {
                scan = true;
                break;
            }
            int length = at(bytes, at + 2) << 8 | at(bytes, at + 3);
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame && at + 9 < bytes.length) {
                frames++;
                components = at(bytes, at + 9);
                usual = marker <= 0xC2 && at(bytes, at + 4) == 8 && length == 8 + 3 * components;
            }
            if (frame && usual && components == 3 && at + 2 + length <= bytes.length) {
                usual = at(bytes, at + 10) == 1 && at(bytes, at + 13) == 2 && at(bytes, at + 16) == 3;
                // Without any other word, some decoders take three bands of one size for red, green and blue.
                luminanceFirst |= at(bytes, at + 11) != at(bytes, at + 14) && at(bytes, at + 14) == at(bytes, at + 17);
            }
            luminanceFirst |= marker == 0xE0 && starts(bytes, at + 4, "JFIF\0");
            exif |= marker == 0xE1 && starts(bytes, at + 4, "Exif\0");
            if (marker == 0xEE && at + 15 < bytes.length && starts(bytes, at + 4, "Ad")) {
                adobe = true;
                transform = at(bytes, at + 15);
            }
            at += 2 + length;
        }
        boolean ycc = components == 3 && (adobe ? transform == 1 : luminanceFirst);
        boolean grey = components == 1 && !adobe;
        return new JpegMarkers(components, adobe, transform, exif, scan && frames == 1 && usual && (ycc || grey));
    }

    private static int at(byte[] bytes, int index) {
        return bytes[index] & 0xFF;
    }

    private static boolean starts(byte[] bytes, int from, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (from + i >= bytes.length || bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
