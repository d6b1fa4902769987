package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.run.RecordedImages.Found;
import dev.graft.run.RecordedImages.State;
import dev.graft.track.SweepRecord;
import dev.graft.track.SweepState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedImagesTest {

    private static final Instant BEGUN = Instant.parse("2026-05-01T12:00:00Z");
    private static final String NAME = "train/cat/1.png";

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void fill() throws IOException {
        data = folder.resolve("data");
        write(data.resolve(NAME), BEGUN.minusSeconds(60));
    }

    private static Path write(Path file, Instant modified) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "pixels");
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    private static void date(Path link, Instant modified) throws IOException {
        FileTime time = FileTime.from(modified);
        Files.getFileAttributeView(link, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, time, time);
    }

    private static SweepRecord sweep(Map<String, String> provenance) {
        return new SweepRecord(
                "k3v9x2ab",
                "cats",
                SweepState.FINISHED,
                "",
                "grid",
                "val_accuracy",
                "maximize",
                "cats.yaml",
                "",
                List.of("a", "b"),
                BEGUN,
                Optional.empty(),
                0,
                0,
                provenance);
    }

    private Found find(String name) {
        return RecordedImages.of(sweep(Map.of("data_folder", data.toString()))).find(name);
    }

    @Test
    void areFoundWhereTheSweepReadThem() {
        Found found = find(NAME);
        assertThat(found.state()).isEqualTo(State.THERE);
        assertThat(found.reason()).isEmpty();
        assertThat(found.file()).contains(data.resolve(NAME));
        assertThat(found.bytes()).isEqualTo(6);
    }

    @Test
    void areMarkedWhenTheyAreNewerThanTheSweep() throws IOException {
        write(data.resolve(NAME), BEGUN.plusSeconds(1));
        Found found = find(NAME);
        assertThat(found.state()).isEqualTo(State.NEWER);
        assertThat(found.reason()).isEqualTo("was written after the sweep began, and may not be what was predicted");
        assertThat(found.file()).isPresent();
    }

    @Test
    void areMissedWhenTheyAreGoneOrBecameFolders() throws IOException {
        assertThat(find("train/cat/2.png").state()).isEqualTo(State.MISSING);
        Files.createDirectories(data.resolve("train/cat/3.png"));
        assertThat(find("train/cat/3.png").state()).isEqualTo(State.MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.png",
                "train/../../secret.png",
                "/etc/secret.png",
                "train//1.png",
                "./train/cat/1.png",
                "train/.hidden/1.png",
                "train/cat/notes.txt",
                "train/cat/1.png/",
                "train/cat\0/1.png",
                ""
            })
    void areNotFoundByNamesThatNoSweepReads(String name) throws IOException {
        write(folder.resolve("secret.png"), BEGUN.minusSeconds(60));
        assertThat(find(name).state()).isEqualTo(State.ELSEWHERE);
        assertThat(find(name).file()).isEmpty();
    }

    @Nested
    class Links {

        private Path outside;

        @BeforeEach
        void make() throws IOException {
            outside = write(folder.resolve("elsewhere/dog/7.png"), BEGUN.minusSeconds(60));
        }

        @Test
        void areFollowedAsTheSweepFollowedThem() throws IOException {
            Path link = Files.createSymbolicLink(data.resolve("train/dog"), outside.getParent());
            date(link, BEGUN.minusSeconds(30));
            assertThat(find("train/dog/7.png").state()).isEqualTo(State.THERE);
        }

        @Test
        void thatAreNewerAndLeadElsewhereAreNot() throws IOException {
            Path link = Files.createSymbolicLink(data.resolve("train/cat/2.png"), outside);
            date(link, BEGUN.plusSeconds(30));
            Found found = find("train/cat/2.png");
            assertThat(found.state()).isEqualTo(State.ELSEWHERE);
            assertThat(found.file()).isEmpty();
        }

        @Test
        void toWhatIsNewerElsewhereAreNot() throws IOException {
            Path link = Files.createSymbolicLink(data.resolve("train/cat/2.png"), outside);
            date(link, BEGUN.minusSeconds(30));
            write(outside, BEGUN.plusSeconds(5));
            assertThat(find("train/cat/2.png").state()).isEqualTo(State.ELSEWHERE);
        }

        @Test
        void withinTheFolderAreFollowed() throws IOException {
            Path link = Files.createSymbolicLink(data.resolve("train/cat/2.png"), data.resolve(NAME));
            date(link, BEGUN.plusSeconds(30));
            assertThat(find("train/cat/2.png").state()).isEqualTo(State.THERE);
        }
    }

    @Nested
    class AFolder {

        @Test
        void thatIsGoneIsSaidOnce() {
            RecordedImages images = RecordedImages.of(
                    sweep(Map.of("data_folder", folder.resolve("gone").toString())));
            assertThat(images.reason())
                    .isEqualTo("the folder " + folder.resolve("gone") + ", where the sweep read them, is not there");
            assertThat(images.find(NAME).state()).isEqualTo(State.MISSING);
        }

        @Test
        void thatTheRecordDoesNotNameIsSaid() {
            assertThat(RecordedImages.of(sweep(Map.of())).reason())
                    .isEqualTo("the record does not say where the images are");
        }

        @ParameterizedTest
        @ValueSource(strings = {"images", "a\0b", " "})
        void thatCannotBeOneIsNotLookedInto(String recorded) {
            RecordedImages images = RecordedImages.of(sweep(Map.of("data_folder", recorded)));
            assertThat(images.reason()).isNotEmpty();
            assertThat(images.find(NAME).file()).isEmpty();
        }
    }
}
