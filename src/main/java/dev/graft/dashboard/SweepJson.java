package dev.graft.dashboard;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.analysis.SweepView;

/**
 * A sweep with one page of its trials.
 *
 * @param sweep as the command line shows it, but only with the trials of the page
 * @param page which trials those are
 */
record SweepJson(@JsonUnwrapped SweepView sweep, TrialPage page) {}
