package dev.graft.base;

import java.math.BigDecimal;

/** Names of bases that come in several widths. */
final class Alpha {

    private Alpha() {}

    /** Returns the architecture's name, with the width multiplier behind it unless that is 1: {@code mobilenet_0.25}. */
    static String name(String architecture, double alpha) {
        return alpha == 1
                ? architecture
                : architecture + "_"
                        + BigDecimal.valueOf(alpha).stripTrailingZeros().toPlainString();
    }
}
