/// The party's files as programs know files: a mount. Thin adapters over the peer.
@NullMarked
package dev.potluck.doors;

import org.jspecify.annotations.NullMarked;
