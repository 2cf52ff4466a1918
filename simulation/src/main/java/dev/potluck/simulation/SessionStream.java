package dev.potluck.simulation;

import java.util.function.Consumer;

/// The connection of a session: what both ends say comes in order, and when something is lost
/// nothing comes after it.
final class SessionStream {
  final int session;
  final long reign;
  private final Wires wires;
  private final PartyMember member;
  private final SeatHost seat;

  /// The last announcement that the seat has heard.
  long announced;

  private long saidUp;
  private long heardUp;
  private long saidDown;
  private long heardDown;

  SessionStream(int session, long reign, Wires wires, PartyMember member, SeatHost seat) {
    this.session = session;
    this.reign = reign;
    this.wires = wires;
    this.member = member;
    this.seat = seat;
  }

  PartyMember member() {
    return member;
  }

  /// To the seat.
  void up(Consumer<SeatHost> message) {
    long number = saidUp++;
    wires.send(
        member.machine,
        seat.machine,
        () -> {
          if (number == heardUp) {
            heardUp++;
            message.accept(seat);
          }
        });
  }

  /// To the member.
  void down(Consumer<PartyMember> message) {
    long number = saidDown++;
    wires.send(
        seat.machine,
        member.machine,
        () -> {
          if (number == heardDown) {
            heardDown++;
            member.hears(this, message);
          }
        });
  }
}
