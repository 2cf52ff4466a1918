/// Leaves, pieces, Merkle trees, names and versions. Pure: no threads, I/O, clock or chance but
/// what is handed in.
@NullMarked
package dev.potluck.content;

import org.jspecify.annotations.NullMarked;
