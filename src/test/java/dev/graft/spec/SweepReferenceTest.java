package dev.graft.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the published schema and the reference to the rules; a failure shows what to put into the file. */
class SweepReferenceTest {

    @Test
    void thePublishedSchemaIsMadeFromTheRules() throws IOException {
        assertThat(Files.readString(Path.of("docs/sweep-file.schema.json"))).isEqualTo(SweepSchema.json(List.of()));
    }

    @Test
    void theSchemaOffersTheBasesItIsGiven() {
        assertThat(SweepSchema.json(List.of("sprout", "vgg16")))
                .contains("[ \"sprout\", \"vgg16\" ]")
                .contains("^(sprout|vgg16)(_[0-9.]+)?(:.+)?$");
    }

    @Test
    void theReferenceTellsEveryKeyAsTheRulesHaveIt() throws IOException {
        Stream<String> keys = SweepKey.ALL.stream()
                .map(k -> row(k.path(), k.meaning(), k.rule().text(), k.fallbackText()));
        Stream<String> parameters = Arrays.stream(Parameter.values())
                .map(p -> row(p.key(), p.meaning(), p.rule().text(), p.fallbackText()));
        List<String> lines = Files.readAllLines(Path.of("docs/sweep-file.md"));
        assertThat(lines).containsAll(Stream.concat(keys, parameters).toList());
    }

    @Test
    void theReferenceNamesEveryKeyThatIsIgnored() throws IOException {
        String text = Files.readString(Path.of("docs/sweep-file.md"));
        assertThat(SettingsReader.IGNORED).allSatisfy(key -> assertThat(text).contains("`" + key + "`"));
        assertThat(SpaceReader.SUPPORTED).allSatisfy(word -> assertThat(text).contains("`" + word + "`"));
        assertThat(DataReader.kinds()).allSatisfy(word -> assertThat(text).contains("`" + word + "`"));
    }

    @Test
    void theExamplesOfTheReferenceAreRight() throws IOException {
        String text = Files.readString(Path.of("docs/sweep-file.md"));
        String[] parts = text.split("```yaml\n");
        assertThat(parts).hasSizeGreaterThan(2);
        for (int i = 1; i < parts.length; i++) {
            String example = parts[i].substring(0, parts[i].indexOf("```"));
            assertThat(SweepFile.parse("example.yaml", example, new FewBases()).warnings())
                    .isEmpty();
        }
    }

    private static String row(String key, String meaning, String values, String fallback) {
        return "| `%s` | %s | %s | %s |".formatted(key, meaning, values, fallback);
    }
}
