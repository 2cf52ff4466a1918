package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Commands of every kind on few names, as they may come.
final class RandomCommands {
  private static final List<PeerId> PEERS = List.of(Seat.ANNA, Seat.BEN, Seat.CARL);

  private RandomCommands() {}

  static Command next(List<String> names, Random random) {
    PeerId peer = PEERS.get(random.nextInt(PEERS.size()));
    return switch (random.nextInt(14)) {
      case 0 -> new Command.Enlist(peer, random.nextBoolean() ? "anna" : "ben");
      case 1 -> new Command.Delete(peer, List.of(name(names, random), name(names, random)));
      case 2 -> new Command.Move(peer, name(names, random), name(names, random));
      case 3 -> new Command.SetPolicy(peer, name(names, random), new Policy.Copies(2));
      case 4 ->
          new Command.Redeem(
              "t" + random.nextInt(3), Seat.START.plusSeconds(random.nextInt(200)), peer);
      case 5 ->
          new Command.Commit(
              peer, List.of(Seat.edited(name(names, random).value(), number(random), 9)));
      case 6 -> random.nextInt(40) == 0 ? new Command.Expel(peer) : learn(peer, names, random);
      case 7 ->
          new Command.Lock(
              peer,
              name(names, random),
              random.nextBoolean() ? LockMode.SHARED : LockMode.EXCLUSIVE);
      case 8 -> new Command.Unlock(peer, name(names, random), random.nextInt(4));
      case 9 -> new Command.Expire(List.of((long) random.nextInt(30)));
      case 10 -> new Command.Share(peer, name(names, random), random.nextInt(30));
      case 11 -> new Command.Forget(Duration.ofSeconds(random.nextInt(1_100)));
      default -> learn(peer, names, random);
    };
  }

  private static Command learn(PeerId peer, List<String> names, Random random) {
    List<Fact> facts = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      facts.add(fact(name(names, random), random));
    }
    return new Command.Learn(peer, facts, new Contact(random.nextInt(3), random.nextInt(50)));
  }

  private static Fact fact(Name name, Random random) {
    Version version = Seat.version(1 + number(random), random.nextInt(4));
    return switch (random.nextInt(4)) {
      case 0 -> new Fact.Holds(name, version, Reason.KEPT, random.nextBoolean());
      case 1 -> new Fact.Edited(name, number(random), version, Reason.KEPT);
      case 2 -> new Fact.GaveUp(name, version.number(), random.nextBoolean());
      default -> new Fact.Known(new Entry(name, version, random.nextBoolean(), 0));
    };
  }

  private static long number(Random random) {
    return random.nextInt(6);
  }

  private static Name name(List<String> names, Random random) {
    return Name.of(names.get(random.nextInt(names.size())));
  }
}
