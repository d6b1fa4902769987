package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLogTest {

    @TempDir
    Path folder;

    @Test
    void theTailBeginsWhereTheAttemptDid() throws IOException {
        WorkerLog log = new WorkerLog(folder.resolve("worker-1.log"));
        assertThat(log.tail(0)).isEmpty();
        Files.writeString(log.file(), "before\n");
        long position = log.position();
        log.add("after\n");
        assertThat(log.tail(position)).isEqualTo("after");
        assertThat(log.tail(0)).isEqualTo("before\nafter");
    }

    @Test
    void aLongTailIsCut() throws IOException {
        WorkerLog log = new WorkerLog(folder.resolve("worker-1.log"));
        Files.writeString(log.file(), "x\n".repeat(1_000_000) + "last\n");
        assertThat(log.tail(0).lines()).hasSize(60).last().isEqualTo("last");
    }

    @Test
    void aNativeCrashIsNamed() {
        assertThat(WorkerLog.crash("""
                        #
                        # A fatal error has been detected by the Java Runtime Environment:
                        #
                        #  SIGSEGV (0xb) at pc=0x00007f, pid=1, tid=2
                        #
                        # Problematic frame:
                        # C  [libnd4jcpu.so+0x123]  batchedGemm+0x10
                        """)).contains("SIGSEGV in C  [libnd4jcpu.so+0x123]  batchedGemm+0x10");
        assertThat(WorkerLog.crash("SIGSEGV is a word")).isEmpty();
    }
}
