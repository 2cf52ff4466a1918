package dev.potluck.content;

/// What a version is. A symlink's content is its target.
public enum Kind {
  FILE,
  FOLDER,
  SYMLINK
}
