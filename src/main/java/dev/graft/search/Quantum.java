package dev.graft.search;

import dev.graft.spec.ParameterSpace;
import java.math.BigDecimal;

/** Rounds draws to the multiples of a range's quantum. */
final class Quantum {

    private Quantum() {}

    /** Returns the multiple nearest to the draw that lies within the range's bounds, which may equal them. */
    static double round(double drawn, ParameterSpace.RealRange range) {
        if (range.quantum() == 0) {
            return drawn;
        }
        double least = Math.ceil(range.min() / range.quantum());
        double most = Math.floor(range.max() / range.quantum());
        double steps = Math.min(Math.max(Math.rint(drawn / range.quantum()), least), most);
        // In decimals, so that 3 steps of 0.1 are 0.3 and not 0.30000000000000004.
        return BigDecimal.valueOf(range.quantum())
                .multiply(BigDecimal.valueOf(steps))
                .doubleValue();
    }
}
