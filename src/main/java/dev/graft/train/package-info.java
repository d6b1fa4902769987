/** Training of heads and tails on features, with early stopping and evaluation. */
@NullMarked
package dev.graft.train;

import org.jspecify.annotations.NullMarked;
