package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledFolderTest {

    private static final List<String> CLASSES = List.of("dress", "pants");

    @TempDir
    Path folder;

    @BeforeEach
    void threeClasses() throws IOException {
        for (String name : List.of("hat", "pants", "dress")) {
            Files.createDirectories(folder.resolve(name));
            Files.writeString(folder.resolve(name).resolve("1.png"), "not looked into");
        }
    }

    @Test
    void ofOtherClassesIsRefusedSayingHowToLeaveThemOut() {
        assertThatThrownBy(() -> LabelledFolder.open(folder, CLASSES, false))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("has classes the model does not know: hat; it knows dress, pants"
                        + " (--known-classes leaves the others out)");
    }

    @Test
    void givesTheKnownClassesOnRequest() {
        assertThat(LabelledFolder.open(folder, CLASSES, true).images())
                .extracting(LabelledImage::label)
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void withoutAnyKnownClassIsRefused() {
        assertThatThrownBy(() -> LabelledFolder.open(folder, List.of("cat"), true))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has no image in a class folder");
    }
}
