/** Bundles: the measured model as ONNX and Deeplearning4j files with labels, preprocessing and a model card. */
@NullMarked
package dev.graft.export;

import org.jspecify.annotations.NullMarked;
