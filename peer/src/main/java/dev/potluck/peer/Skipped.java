package dev.potluck.peer;

/// Something in the share that is not shared.
///
/// @param path relative to the share; bytes that are not UTF-8 are written `\xNN`
public record Skipped(String path, String why) {}
