package dev.graft.features;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Set;

/** Another process that makes room in a store, again and again. */
final class ChildEviction {

    private ChildEviction() {}

    public static void main(String[] arguments) throws IOException {
        FeatureStore store = new FeatureStore(
                Path.of(arguments[0]), InstantSource.system(), OptionalLong.of(Long.parseLong(arguments[1])));
        for (int i = 0; i < 20; i++) {
            store.makeRoom(Long.parseLong(arguments[2]), Set.of());
        }
        System.out.println("fits");
    }
}
