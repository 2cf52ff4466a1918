/// The commands a user types.
@NullMarked
package dev.potluck.cli;

import org.jspecify.annotations.NullMarked;
