package dev.graft.fetch;

import java.time.Duration;
import java.util.Optional;

/** Reports a transfer that may succeed when it is tried again. */
final class BrokenTransferException extends Exception {

    private final transient Optional<Duration> wait;

    BrokenTransferException(String reason) {
        this(reason, Optional.empty());
    }

    /**
     * Says why it broke.
     *
     * @param wait how long the server wants to be left alone
     */
    BrokenTransferException(String reason, Optional<Duration> wait) {
        super(reason);
        this.wait = wait;
    }

    Optional<Duration> asked() {
        return wait;
    }
}
