/** The sweep file: what a user may write, its records, and every problem with its place in the file. */
@NullMarked
package dev.graft.spec;

import org.jspecify.annotations.NullMarked;
