package dev.graft.base;

import java.util.List;

/** Reports weights that are missing, unreadable or made for another network; the fault lies with the file. */
public final class WeightException extends RuntimeException {

    /** Says what is wrong with which file. */
    public WeightException(String message) {
        super(message);
    }

    /** Says what is wrong with which file, and why. */
    public WeightException(String message, Throwable cause) {
        super(message, cause);
    }

    static WeightException listing(String file, String architecture, List<String> problems) {
        return new WeightException(file + " does not hold weights of " + architecture + " (" + problems.size()
                + (problems.size() == 1 ? " problem" : " problems") + "):\n  " + String.join("\n  ", problems));
    }
}
