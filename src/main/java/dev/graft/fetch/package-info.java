/** Downloads: files fetched with resume, checksum and lock, and archives unpacked without harm. */
@NullMarked
package dev.graft.fetch;

import org.jspecify.annotations.NullMarked;
