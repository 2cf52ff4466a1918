/// An ordered log that several machines keep together, carried by Apache Ratis. Knows nothing of
/// what is in it, nor of how its messages travel.
@org.jspecify.annotations.NullMarked
package dev.potluck.consensus;
