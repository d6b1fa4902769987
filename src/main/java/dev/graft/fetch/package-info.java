/**
 * Downloads: files fetched with resume, checksum and lock, and archives unpacked without harm; and what else writes files
 * needs of that: the lock of one file, folders deleted whole, the space left.
 */
@NullMarked
package dev.graft.fetch;

import org.jspecify.annotations.NullMarked;
