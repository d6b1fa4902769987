package dev.graft.cli;

import dev.graft.analysis.Leaderboard;
import dev.graft.track.TrialRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A sweep's trials as a table, the best first. */
final class LeaderboardText {

    private LeaderboardText() {}

    /**
     * Returns the lines.
     *
     * @param colours whether the best trial, running ones and failures stand out by colour
     */
    static List<String> lines(Leaderboard board, boolean colours) {
        List<String> header = new ArrayList<>(List.of("#", "trial", board.metric()));
        header.addAll(board.parameters());
        header.addAll(List.of("kept/epochs", "time", "state"));
        Set<Integer> right = new HashSet<>();
        for (int i = 0; i < header.size() - 1; i++) {
            right.add(i);
        }
        TextTable table = new TextTable(header, right);
        for (Leaderboard.Row row : board.rows()) {
            TrialRecord trial = row.trial();
            List<String> cells = new ArrayList<>();
            cells.add(row.value().isPresent() && isRanked(trial) ? String.valueOf(row.place()) : "-");
            cells.add(String.valueOf(trial.number()));
            cells.add(
                    row.value().isPresent()
                            ? Words.metric(board.metric(), row.value().getAsDouble())
                            : "-");
            for (String parameter : board.parameters()) {
                Object value = trial.parameters().get(parameter);
                cells.add(value == null ? "-" : Words.value(value));
            }
            cells.add(trial.epochs() == 0 ? "-" : trial.keptEpoch() + "/" + trial.epochs());
            Double total = trial.seconds().get("total");
            cells.add(total == null ? "-" : Words.seconds(total));
            cells.add(state(trial));
            table.row(cells);
        }
        if (!colours) {
            return table.lines();
        }
        List<String> lines = new ArrayList<>();
        for (String line : table.lines()) {
            int row = lines.size() - 1;
            lines.add(
                    row < 0 ? "\033[1m" + line + "\033[0m" : colour(board.rows().get(row), line));
        }
        return lines;
    }

    /** What failed or was cut off may look like a winner, and is none. */
    private static boolean isRanked(TrialRecord trial) {
        return switch (trial.state()) {
            case FAILED, CRASHED, CANCELLED -> false;
            case WAITING, RUNNING, FINISHED, PRUNED -> true;
        };
    }

    private static String colour(Leaderboard.Row row, String line) {
        String code = switch (row.trial().state()) {
            case FINISHED -> row.place() == 1 ? "\033[1;32m" : "";
            case RUNNING -> "\033[36m";
            case FAILED, CRASHED -> "\033[31m";
            case WAITING, PRUNED, CANCELLED -> "\033[2m";
        };
        return code.isEmpty() ? line : code + line + "\033[0m";
    }

    private static String state(TrialRecord trial) {
        String state = trial.state().word();
        return switch (trial.state()) {
            case FAILED, CRASHED -> state + ": " + trial.reason();
            default -> state;
        };
    }
}
