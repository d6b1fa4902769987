/** Pure functions over recorded trials: ranking, metrics and comparison. */
@NullMarked
package dev.graft.analysis;

import org.jspecify.annotations.NullMarked;
