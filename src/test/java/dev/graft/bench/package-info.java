/** What src/bench measures in Java; see docs/benchmarks.md. Compiled with the tests, so that it fits the program it measures. */
@NullMarked
package dev.graft.bench;

import org.jspecify.annotations.NullMarked;
