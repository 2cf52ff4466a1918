package dev.potluck.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import dev.potluck.directory.Command;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Load;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Policy;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Saved;
import dev.potluck.directory.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is kept or sent comes back the same, and what is damaged is refused.
final class CodecTest {
  private static final PeerId PEER = PeerId.of("abcdefghijklmnopqrstuvwxyz234567");
  private static final Version VERSION =
      new Version(
          9,
          Kind.SYMLINK,
          new ContentId(new Root(1, -2, 3, -4), 77),
          Instant.ofEpochSecond(-5, 999_999_999),
          0755);
  private static final Name NAME = Name.of("a/ж 🙂\n");
  private static final Entry ENTRY = new Entry(NAME, VERSION, true, 1L << 40);
  private static final Fact.Edited EDITED =
      new Fact.Edited(NAME, 8, VERSION, Reason.PLACED).said(true);
  private static final List<Fact> FACTS =
      List.of(
          new Fact.Holds(NAME, VERSION, Reason.FETCHED, true),
          EDITED,
          new Fact.GaveUp(NAME, 3, true),
          new Fact.Known(ENTRY));
  private static final Instant THEN = Instant.ofEpochSecond(1_800_000_000);

  private static final List<Command> COMMANDS =
      List.of(
          new Command.Enlist(PEER, "anna"),
          new Command.Learn(PEER, FACTS),
          new Command.Learn(PEER, FACTS, new Contact(-7, 12)),
          new Command.Forget(Duration.ofDays(90)),
          new Command.Commit(PEER, List.of(EDITED)),
          new Command.Delete(PEER, List.of(NAME)),
          new Command.Move(PEER, NAME, Name.of("b")),
          new Command.SetPolicy(PEER, NAME, new Policy.Stripe(4, 2)),
          new Command.Redeem("00ff", THEN, PEER),
          new Command.DeclareDead(PEER),
          new Command.Expel(PEER),
          new Command.Lock(PEER, NAME, LockMode.EXCLUSIVE),
          new Command.Lock(PEER, NAME, LockMode.SHARED),
          new Command.Share(PEER, NAME, 7),
          new Command.Unlock(PEER, NAME, 7),
          new Command.Unlock(PEER, NAME, NameLock.NO_TOKEN),
          new Command.Expire(List.of(1L, Long.MAX_VALUE)),
          new Command.Commit(
              PEER,
              List.of(
                  new Fact.Edited(
                      EDITED.name(), EDITED.base(), EDITED.version(), EDITED.reason(), 8))));

  @Test
  void commandsComeBackTheSame() {
    LogEntry entry = new LogEntry(-7, 12, THEN.plusMillis(5), COMMANDS);
    assertThat(CommandCodec.decodeEntry(CommandCodec.encode(entry))).isEqualTo(entry);
    for (Command command : COMMANDS) {
      assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
    }
  }

  @Test
  void snapshotsComeBackTheSame() throws IOException {
    List<Saved> all =
        List.of(
            new Saved.Party(-8, 9),
            new Saved.Ancestor(-9, 5),
            new Saved.Forgotten(THEN.plusNanos(3), 4, 17),
            new Saved.Joined(PEER, "anna", "anna-2", Saved.Standing.DEAD),
            new Saved.Denied(PEER),
            new Saved.Used("00ff", THEN, PEER),
            new Saved.Tokens(0),
            new Saved.Tokens(9),
            new Saved.Locked(new NameLock(NAME, PEER, LockMode.SHARED, 8)),
            new Saved.Locked(NameLock.exclusive(NAME, PEER, 9)),
            new Saved.Past(ENTRY),
            new Saved.Named(ENTRY, Policy.NONE),
            new Saved.Named(ENTRY, new Policy.Copies(3)));

    ByteArrayOutputStream file = new ByteArrayOutputStream();
    SavedCodec.write(all.iterator(), file);
    List<Saved> read = new ArrayList<>();
    SavedCodec.read(new ByteArrayInputStream(file.toByteArray())).forEachRemaining(read::add);
    assertThat(read).isEqualTo(all);
    byte[] cut = Arrays.copyOf(file.toByteArray(), file.size() - 1);
    Iterator<Saved> broken = SavedCodec.read(new ByteArrayInputStream(cut));
    assertThatThrownBy(() -> broken.forEachRemaining(read::add))
        .isInstanceOf(UncheckedIOException.class);
    for (Saved saved : all) {
      assertThat(SavedCodec.decode(SavedCodec.encode(saved))).isEqualTo(saved);
    }
  }

  @Test
  void entriesMembersAndVerdictsComeBackTheSame() {
    Member member =
        new Member(
            PEER,
            "anna",
            MemberState.SUSPECT,
            Optional.of(TestParty.at(1)),
            Optional.empty(),
            2,
            3,
            new Load(4, 5));
    List<Verdict> verdicts =
        List.of(
            new Verdict.Current(NAME, VERSION),
            new Verdict.Stale(NAME, ENTRY),
            new Verdict.Buried(NAME, ENTRY),
            new Verdict.Conflict(NAME, ENTRY, Name.of("a/x.conflict")),
            new Verdict.Forgotten(NAME),
            new Verdict.Rejected(NAME, "too much"));

    assertThat(EntryCodec.decode(EntryCodec.encode(ENTRY))).isEqualTo(ENTRY);
    assertThat(MemberCodec.decode(MemberCodec.encode(member))).isEqualTo(member);
    for (Verdict verdict : verdicts) {
      assertThat(FactCodec.of(FactCodec.message(verdict))).isEqualTo(verdict);
    }
  }

  @Test
  void damagedBytesAreRefusedAndNeverAnythingWorse() {
    long seed = Long.getLong("potluck.seed", System.nanoTime());
    System.out.println("potluck.seed=" + seed);
    Random random = new Random(seed);

    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = CommandCodec.encode(COMMANDS.get(random.nextInt(COMMANDS.size())));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        assertThat(CommandCodec.decode(bytes)).isNotNull();
      } catch (PotluckException | IllegalArgumentException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void listsThatAreTooLongAreRefused() {
    assertThatThrownBy(() -> ValueCodec.list(List.of(1, 2, 3), 2, x -> x))
        .isInstanceOf(PotluckException.class);
  }
}
