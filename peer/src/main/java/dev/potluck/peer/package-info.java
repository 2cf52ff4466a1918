/// The daemon: the share, its database, transfers, the directory's host.
@NullMarked
package dev.potluck.peer;

import org.jspecify.annotations.NullMarked;
