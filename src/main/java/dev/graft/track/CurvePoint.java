package dev.graft.track;

import java.time.Instant;
import java.util.Optional;

/**
 * One metric of one epoch: a point of a learning curve.
 *
 * @param epoch from 1
 * @param phase 1 where the head is trained alone, 2 where head and tail are
 * @param value NaN where the metric was not a number
 * @param endedAt when the epoch ended; empty where that is not known
 */
public record CurvePoint(int epoch, int phase, double value, Optional<Instant> endedAt) {}
