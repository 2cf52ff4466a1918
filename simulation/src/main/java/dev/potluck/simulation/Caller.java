package dev.potluck.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// Asks the directory on a member's behalf: goes from seat to seat until one leads, asks again only
/// what does no harm, and says it when nobody knows whether something happened.
final class Caller {
  private static final Duration PAUSE = Duration.ofMillis(150);
  private static final Duration ATTEMPT = Duration.ofSeconds(2);

  private final PartyMember member;
  private final Wires wires;
  private final List<SeatHost> seats;
  private int seat;

  /// One question, until it is answered.
  private static final class Call {
    final Question question;
    final Instant deadline;
    final Consumer<Answer> then;
    int attempt;
    boolean maybe;
    boolean over;

    Call(Question question, Instant deadline, Consumer<Answer> then) {
      this.question = question;
      this.deadline = deadline;
      this.then = then;
    }
  }

  Caller(PartyMember member, Wires wires, List<SeatHost> seats) {
    this.member = member;
    this.wires = wires;
    this.seats = seats;
    this.seat = member.machine.number % seats.size();
  }

  void ask(Question question, Duration patience, Consumer<Answer> then) {
    Call call = new Call(question, member.machine.now().plus(patience), then);
    member.machine.after(patience, () -> giveUp(call));
    attempt(call);
  }

  private void giveUp(Call call) {
    end(call, call.maybe ? new Answer.Unknown() : new Answer.Away());
    seat = next(seat);
  }

  private static void end(Call call, Answer answer) {
    if (!call.over) {
      call.over = true;
      call.then.accept(answer);
    }
  }

  private void attempt(Call call) {
    if (call.over || !member.machine.now().isBefore(call.deadline)) {
      return; // Whoever gives up is on the way.
    }
    int number = ++call.attempt;
    SeatHost asked = seats.get(seat);
    if (!asked.machine.isUp()) {
      seat = next(seat);
      member.machine.after(PAUSE, () -> attempt(call));
      return;
    }
    call.maybe = !call.question.isHarmless();
    wires.send(
        member.machine,
        asked.machine,
        () ->
            asked.ask(
                member,
                call.question,
                answer ->
                    wires.send(
                        asked.machine, member.machine, () -> answered(call, number, answer))));
    if (call.question.isHarmless()) {
      member.machine.after(ATTEMPT, () -> attemptElsewhere(call, number));
    }
  }

  private void attemptElsewhere(Call call, int number) {
    if (!call.over && call.attempt == number) {
      seat = next(seat);
      attempt(call);
    }
  }

  private void answered(Call call, int number, Answer answer) {
    if (call.over || call.attempt != number) {
      return;
    }
    if (answer instanceof Answer.NotLeading(int leader)) {
      call.maybe = false;
      call.attempt++;
      seat = leader < 0 ? next(seat) : leader;
      member.machine.after(PAUSE, () -> attempt(call));
    } else {
      end(call, answer);
    }
  }

  private int next(int after) {
    return (after + 1) % seats.size();
  }
}
