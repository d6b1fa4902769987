/** Pretrained networks without their classifiers: catalogue, architectures, weight files, blocks and cuts. */
@NullMarked
package dev.graft.base;

import org.jspecify.annotations.NullMarked;
