package dev.graft.spec;

/** How a sweep chooses its trials. */
public enum Method {
    /** Every combination. */
    GRID,
    /** {@code run_cap} seeded draws. */
    RANDOM
}
