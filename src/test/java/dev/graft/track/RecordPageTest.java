package dev.graft.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/record.md} against a real record. */
class RecordPageTest {

    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    /** A view's paragraph, and the quoted list of its columns. */
    private static final Pattern VIEW = Pattern.compile("\n`(\\w+)` has one row per (?:[^\n]+\n)+\n((?:> [^\n]+\n)+)");

    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @TempDir
    Path directory;

    private String page;

    @BeforeEach
    void read() throws Exception {
        page = Files.readString(Path.of("docs/record.md"));
        GoldenRecord.copy(4, directory);
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("track.sqlite"));
    }

    @Test
    void everyQueryRunsAndFindsSomething() throws Exception {
        List<String> queries =
                SQL.matcher(page).results().map(match -> match.group(1)).toList();
        assertThat(queries).hasSizeGreaterThanOrEqualTo(5);
        try (Connection connection = connect()) {
            for (String query : queries) {
                try (Statement statement = connection.createStatement();
                        ResultSet result = statement.executeQuery(query)) {
                    assertThat(result.next()).as(query).isTrue();
                }
            }
        }
    }

    @Test
    void everyViewIsThereWithItsColumns() throws Exception {
        Map<String, List<String>> documented = new LinkedHashMap<>();
        for (MatchResult view : VIEW.matcher(page).results().toList()) {
            documented.put(
                    view.group(1),
                    NAME.matcher(view.group(2))
                            .results()
                            .map(name -> name.group(1))
                            .toList());
        }
        Map<String, List<String>> real = new LinkedHashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet views = statement.executeQuery(
                    "SELECT v.name AS view, c.name FROM sqlite_schema v, pragma_table_info(v.name) c"
                            + " WHERE v.type = 'view' AND v.name <> 'ended_trial' ORDER BY v.name, c.cid")) {
                while (views.next()) {
                    real.computeIfAbsent(views.getString(1), name -> new ArrayList<>())
                            .add(views.getString(2));
                }
            }
        }
        assertThat(documented).isEqualTo(real).hasSize(5);
    }

    @Test
    void everyTableIsNamed() throws Exception {
        String tables = page.substring(page.indexOf("## Tables"), page.indexOf("## What may change"));
        List<String> named =
                NAME.matcher(tables).results().map(match -> match.group(1)).toList();
        try (Sql sql = new Sql(directory)) {
            assertThat(named)
                    .containsAll(sql.text("SELECT name FROM sqlite_schema WHERE type = 'table'"
                                    + " AND name NOT LIKE 'sqlite_%'")
                            .lines()
                            .toList());
        }
    }
}
