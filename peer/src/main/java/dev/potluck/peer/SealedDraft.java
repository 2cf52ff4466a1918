package dev.potluck.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What was written in a draft as a whole file, ready to be put in place.
///
/// @param file open, and its draft's
/// @param bytes all of it, if it is small enough for the journal
record SealedDraft(ReadyContent ready, FileHandle file, @Nullable ByteBuffer bytes) {}
