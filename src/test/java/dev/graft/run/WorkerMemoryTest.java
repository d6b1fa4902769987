package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerMemoryTest {

    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @CsvSource({"4, 1", "8, 1", "16, 2", "24, 1", "64, 8", "512, 16"})
    void allWorkersAndTheControllerFitTheMachine(long gib, int workers) {
        WorkerMemory memory = WorkerMemory.of(gib * GIB, workers);
        assertThat(memory.heapBytes() + memory.nativeBytes()).isLessThanOrEqualTo(memory.totalBytes());
        assertThat(workers * memory.totalBytes()).isLessThan(gib * GIB - GIB / 4);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 4"})
    void aTinyMachineIsTriedAllTheSame(long gib, int workers) {
        WorkerMemory memory = WorkerMemory.of(gib * GIB, workers);
        assertThat(memory.heapBytes()).isGreaterThanOrEqualTo(384L << 20);
        assertThat(memory.nativeBytes()).isGreaterThanOrEqualTo(512L << 20);
    }
}
