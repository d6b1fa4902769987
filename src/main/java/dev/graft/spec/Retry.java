package dev.graft.spec;

/**
 * How often a trial that crashed is tried.
 *
 * @param maxAttempts attempts in all, at least 1
 */
public record Retry(int maxAttempts) {}
