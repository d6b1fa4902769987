package dev.graft.cli;

import dev.graft.spec.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Columns of text for a terminal or a pipe: two blanks between columns, numbers flush right. */
final class TextTable {

    private final List<String> header;
    private final Set<Integer> right;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Begins a table.
     *
     * @param right the indexes of columns that are flush right
     */
    TextTable(List<String> header, Set<Integer> right) {
        this.header = List.copyOf(header);
        this.right = Set.copyOf(right);
    }

    void row(List<String> cells) {
        rows.add(cells.stream().map(TextTable::oneLine).toList());
    }

    /** Returns the lines; the first is the header. */
    List<String> lines() {
        int[] widths = new int[header.size()];
        List<List<String>> all = new ArrayList<>();
        all.add(header);
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String pad = " ".repeat(widths[i] - row.get(i).length());
                line.append(right.contains(i) ? pad + row.get(i) : row.get(i) + pad)
                        .append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Control characters of user-made names must not reach the terminal. */
    static String oneLine(String text) {
        return PlainText.of(text);
    }
}
