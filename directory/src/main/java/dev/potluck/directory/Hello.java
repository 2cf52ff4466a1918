package dev.potluck.directory;

/// How a peer opens a session.
///
/// @param name what it wishes to be called
/// @param control where its control service listens, as others reach it
/// @param bulk where its bulk service listens, as others reach it
/// @param contact when it was last in touch with the party
public record Hello(String name, Endpoint control, Endpoint bulk, Contact contact) {
  /// Of who was not in the party before.
  public Hello(String name, Endpoint control, Endpoint bulk) {
    this(name, control, bulk, Contact.NONE);
  }

  /// The same after being in touch.
  public Hello after(Contact last) {
    return new Hello(name, control, bulk, last);
  }

  /// Whether who says this is where, and called as, in another hello.
  public boolean isLike(Hello other) {
    return after(other.contact).equals(other);
  }
}
