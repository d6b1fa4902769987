/** The record: sweeps, trials, metric points and provenance in SQLite. */
@NullMarked
package dev.graft.track;

import org.jspecify.annotations.NullMarked;
