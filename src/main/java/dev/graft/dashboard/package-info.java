/** The local web server: JSON API, live events and the pages of web/. */
@NullMarked
package dev.graft.dashboard;

import org.jspecify.annotations.NullMarked;
