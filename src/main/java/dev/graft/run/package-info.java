/** The controller that carries a sweep from its file to its last trial. */
@NullMarked
package dev.graft.run;

import org.jspecify.annotations.NullMarked;
