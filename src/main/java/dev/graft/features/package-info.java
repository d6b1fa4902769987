/** Features of the frozen prefix: their key, their extraction, and the store that keeps them on disk. */
@NullMarked
package dev.graft.features;

import org.jspecify.annotations.NullMarked;
