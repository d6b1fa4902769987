package dev.graft.spec;

/**
 * How often a trial is tried whose worker process dies, or that fails unexpectedly.
 *
 * @param maxAttempts attempts in all, at least 1
 */
public record Retry(int maxAttempts) {}
