/** The command line: it wires everything, and alone prints and exits. */
@NullMarked
package dev.graft.cli;

import org.jspecify.annotations.NullMarked;
