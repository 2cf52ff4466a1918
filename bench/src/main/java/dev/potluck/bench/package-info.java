/// Benchmarks and their report. Not shipped.
@NullMarked
package dev.potluck.bench;

import org.jspecify.annotations.NullMarked;
