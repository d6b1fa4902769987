package dev.graft.run;

import dev.graft.track.EpochRecord;
import dev.graft.track.TrialState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a worker tells its controller. */
sealed interface WorkerEvent {

    /** Their names on the wire. */
    Wire<WorkerEvent> WIRE = new Wire<>(Map.ofEntries(
            Map.entry("ready", Ready.class),
            Map.entry("heartbeat", Heartbeat.class),
            Map.entry("pass_progress", PassProgress.class),
            Map.entry("pass_ended", PassEnded.class),
            Map.entry("pass_failed", PassFailed.class),
            Map.entry("trial_started", TrialStarted.class),
            Map.entry("epoch_ended", EpochEnded.class),
            Map.entry("trial_ended", TrialEnded.class),
            Map.entry("warning", Warning.class),
            Map.entry("work_ended", WorkEnded.class)));

    /** Calls the listener's method for this kind of event. */
    void tell(Listener listener);

    /** Hears a worker's events in their order. */
    interface Listener {

        void ready(Ready event);

        void heartbeat(Heartbeat event);

        void passProgress(PassProgress event);

        void passEnded(PassEnded event);

        void passFailed(PassFailed event);

        void trialStarted(TrialStarted event);

        void epochEnded(EpochEnded event);

        void trialEnded(TrialEnded event);

        void warning(Warning event);

        void workEnded(WorkEnded event);
    }

    /**
     * The first event: native libraries are loaded, the sweep is understood, work can come.
     *
     * @param engines facts for the record's provenance
     */
    record Ready(Map<String, String> engines) implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.ready(this);
        }
    }

    /**
     * Says every second that the process lives.
     *
     * @param memory bytes it holds that no file backs; 0 where unknown
     */
    record Heartbeat(long memory) implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.heartbeat(this);
        }
    }

    /** So many images of the pass are through; a total of 0 says only that it lives, waiting for others. */
    record PassProgress(int pass, long done, long total) implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.passProgress(this);
        }
    }

    /** The pass' features are there. */
    record PassEnded(int pass, double decodeSeconds, double prefixSeconds, double seconds, List<Features> features)
            implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.passEnded(this);
        }
    }

    /** A file of features: {@code computed} is false where it was in the store. */
    record Features(String key, String cut, int rows, long bytes, boolean computed) {}

    /** The pass gave no features. */
    record PassFailed(int pass, Fault fault, String reason) implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.passFailed(this);
        }
    }

    /** A trial begins. */
    record TrialStarted(int trial, String featureGroup, boolean cacheHit) implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.trialStarted(this);
        }
    }

    /** An epoch of a running trial ended. */
    record EpochEnded(int trial, EpochRecord epoch) implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.epochEnded(this);
        }
    }

    /**
     * What the kept epoch predicts for the validation images, in their order: the likeliest class of each, its
     * probability, and that of the image's class.
     */
    @SuppressWarnings("ArrayRecordComponent") // Written once, read once.
    record Predictions(int epoch, int[] predicted, float[] confidence, float[] labelProbability) {}

    /**
     * A running trial ended; a finished one's weights are on the disk.
     *
     * @param predictions of a finished one; null otherwise
     */
    record TrialEnded(
            int trial,
            TrialState state,
            Fault fault,
            String reason,
            Map<String, Double> seconds,
            @Nullable Predictions predictions)
            implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.trialEnded(this);
        }
    }

    /** Something that the user should know, and that ends nothing. */
    record Warning(String text) implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.warning(this);
        }
    }

    /** The worker waits for its next order. */
    record WorkEnded() implements WorkerEvent {
        @Override
        public void tell(Listener listener) {
            listener.workEnded(this);
        }
    }

    /** Whose fault a failure is, which decides what happens next. */
    enum Fault {
        /** Nobody's. */
        NONE,
        /** The trial's own: trying again would give the same. */
        TRIAL,
        /** Memory ran out. */
        MEMORY,
        /** The disk is full or cannot be written to: no trial can go on. */
        DISK,
        /** Unknown: trying again may help. */
        OTHER
    }
}
