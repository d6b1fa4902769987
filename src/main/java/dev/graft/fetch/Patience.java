package dev.graft.fetch;

import java.time.Duration;

/**
 * How long a download is waited for.
 *
 * @param connect for a connection
 * @param stall for an answer, and for the next bytes of one
 * @param pause before the second attempt; each further pause is twice as long
 * @param longestPause most that is slept between two attempts; a server that asks for more is given up
 * @param attempts most attempts in a row that bring nothing new, at least 1
 */
public record Patience(Duration connect, Duration stall, Duration pause, Duration longestPause, int attempts) {

    /** What people at a terminal bear. */
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(60), 5);

    /** Returns the pause before the next attempt, after so many failed ones in a row. */
    Duration pauseAfter(int failures) {
        Duration pause = pause().multipliedBy(1L << Math.min(16, Math.max(0, failures - 1)));
        return pause.compareTo(longestPause) > 0 ? longestPause : pause;
    }
}
