/// Whole parties in one thread and virtual time. For tests only.
@NullMarked
package dev.potluck.simulation;

import org.jspecify.annotations.NullMarked;
