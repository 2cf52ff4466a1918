package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import java.time.Instant;

/// A file in the trash.
///
/// @param id its file name in `.potluck/trash/`; ids sort by time
/// @param path where it lay
/// @param aside whether it was set aside: the party had forgotten its name
record TrashRecord(
    String id,
    Name name,
    String path,
    long inode,
    ContentId content,
    int mode,
    Instant since,
    boolean aside) {}
