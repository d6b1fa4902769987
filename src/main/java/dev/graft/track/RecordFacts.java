package dev.graft.track;

/**
 * How much a record holds.
 *
 * @param schema the schema it is written in
 * @param bytes the size of its file
 * @param sweeps sweeps in any state
 * @param trials trials in any state
 */
public record RecordFacts(int schema, long bytes, long sweeps, long trials) {}
