package dev.graft.plan;

/**
 * What the trials of a feature group that are still to run compute, counted beforehand. Where trials differ it is the
 * mean.
 *
 * @param fineTuneDepth blocks behind the cut
 * @param trials how many are to run, at least 0
 * @param trainImages read in every epoch
 * @param validationImages read after every epoch
 * @param live whether every epoch computes the features anew
 * @param head the head of each
 * @param tailMultiplyAdds of the base behind the cut, for one image; 0 for heads alone
 * @param prefixMultiplyAdds of the base before the cut, for one image
 * @param headEpochs the first phase
 * @param tailEpochs the second phase
 * @param bytes of its features on disk
 * @param cached whether they are there
 */
public record GroupWork(
        int fineTuneDepth,
        int trials,
        long trainImages,
        long validationImages,
        boolean live,
        HeadWork head,
        long tailMultiplyAdds,
        long prefixMultiplyAdds,
        Epochs headEpochs,
        Epochs tailEpochs,
        long bytes,
        boolean cached) {

    /**
     * The length of a phase.
     *
     * @param phase 1 or 2
     * @param most epochs, at least 1; 0 for a phase that trials do not have
     * @param patience of early stopping; 0 where every epoch runs
     */
    public record Epochs(int phase, int most, int patience) {

        /** Returns where the share of the epochs that run is kept. */
        public RateKey key() {
            return new RateKey(RateKey.Kind.EPOCHS, String.valueOf(phase), Math.max(1, most), String.valueOf(patience));
        }
    }

    /** Returns whether its trials have a second phase. */
    public boolean hasTail() {
        return fineTuneDepth > 0;
    }

    /** Returns where the time of its heads is kept. */
    public RateKey headKey(RateKey.Kind kind) {
        return head.key(kind);
    }

    /** Returns the same with another number of trials that train on so many images. */
    public GroupWork with(int otherTrials, long images) {
        return new GroupWork(
                fineTuneDepth,
                otherTrials,
                images,
                validationImages,
                live,
                head,
                tailMultiplyAdds,
                prefixMultiplyAdds,
                headEpochs,
                tailEpochs,
                bytes,
                cached);
    }
}
