package dev.potluck.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A small edit as the journal keeps it: what is about to be in the share, and all its bytes.
///
/// @param before what lay in its place, as far as that was known; null if nothing did
record JournaledEdit(Intent intent, @Nullable FileIdentity before, ByteBuffer content) {}
