package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.base.Catalogue;
import dev.graft.spec.SweepFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says is so. */
class ReadmeTest {

    private static final Catalogue CATALOGUE = new Catalogue(List.of());

    @Test
    void everySweepFileInTheReadmeIsOne() throws IOException {
        Matcher block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(readme());
        int count = 0;
        while (block.find()) {
            count++;
            assertThat(SweepFile.parse("README.md", block.group(1), CATALOGUE).warnings())
                    .isEmpty();
        }
        assertThat(count).isPositive();
    }

    @Test
    void everyLinkOfTheReadmeLeadsSomewhere() throws IOException {
        Matcher link = Pattern.compile("]\\(([^)#:]+)\\)").matcher(readme());
        while (link.find()) {
            assertThat(Path.of(link.group(1))).exists();
        }
    }

    @Test
    void everyBaseIsInTheReadme() throws IOException {
        for (String name : CATALOGUE.names()) {
            var facts = CATALOGUE.find(name).orElseThrow();
            assertThat(readme())
                    .containsPattern(
                            "\\| `" + name + "` \\|.*\\| " + facts.minimumSize() + " \\| " + facts.blocks() + " \\|");
        }
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }
}
