/** Deeplearning4j graphs as ONNX models, and the ONNX Runtime sessions that run them. */
@NullMarked
package dev.graft.onnx;

import org.jspecify.annotations.NullMarked;
