/// What travels between machines: gRPC services, the bulk protocol, TLS identity, tickets.
@NullMarked
package dev.potluck.wire;

import org.jspecify.annotations.NullMarked;
