package dev.graft.onnx;

/** Reports that ONNX Runtime refused or failed; the environment's or the model's fault. */
public final class OnnxException extends RuntimeException {

    /** Says what failed. */
    public OnnxException(String message) {
        super(message);
    }

    /** Says what failed, and why. */
    public OnnxException(String message, Throwable cause) {
        super(message, cause);
    }
}
