/// The directory as a state machine: which names exist, at which version, who holds them. Pure.
@NullMarked
package dev.potluck.directory;

import org.jspecify.annotations.NullMarked;
