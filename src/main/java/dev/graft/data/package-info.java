/** Image folders: discovery, splits, digest, decoding, augmentation, and the drawn sample set. */
@NullMarked
package dev.graft.data;

import org.jspecify.annotations.NullMarked;
