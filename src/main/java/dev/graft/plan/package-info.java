/** From trials to feature groups: what is shared, in which order it runs, what it will cost. */
@NullMarked
package dev.graft.plan;

import org.jspecify.annotations.NullMarked;
