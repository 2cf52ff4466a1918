package dev.potluck.peer;

/// A change to the share that is about to be made, written down so that the next start can finish
/// or forget it after a crash.
///
/// @param record what the file will be; recognised by its inode, its ctime is not known yet
/// @param from where the file comes from: under `.potluck/`, or another path of the share
/// @param trashId what a replaced file will be called in the trash
record Intent(FileRecord record, String from, String trashId) {}
