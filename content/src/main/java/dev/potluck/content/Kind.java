package dev.potluck.content;

/// What a version is. A symlink's content is the bytes of its target, which Potluck never follows.
public enum Kind {
  FILE,
  FOLDER,
  SYMLINK
}
