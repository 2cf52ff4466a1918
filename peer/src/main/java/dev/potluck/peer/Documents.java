package dev.potluck.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Member;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The documents that commands answer with, and that `--json` prints as they are: their field names
/// are a contract with scripts.
final class Documents {
  private Documents() {}

  /// `find`.
  ///
  /// @param kind `file`, `folder` or `symlink`
  record Found(
      String name,
      String kind,
      long version,
      long size,
      String root,
      String policy,
      boolean cached,
      List<HolderOfName> holders) {}

  /// `find --responsible`.
  ///
  /// @param responsible who knows where the name is: who keeps the directory, in the order that its
  ///   hash gives
  /// @param byHash the members that the hash names, of all there are
  record Responsible(
      String name, List<Located> responsible, @JsonProperty("by_hash") List<Located> byHash) {}

  /// A member and where it is.
  record Located(String peer, String id, String address) {}

  /// One holder in `find`.
  ///
  /// @param pieces how many of the content's pieces it has, as far as is known
  /// @param latencyMs measured or emulated; none before the first contact
  record HolderOfName(
      String peer,
      String address,
      int pieces,
      int of,
      @JsonProperty("latency_ms") @Nullable Double latencyMs,
      int load) {}

  /// What a version is.
  static String kind(Version version) {
    return version.kind().name().toLowerCase(Locale.ROOT);
  }

  /// A line of `ls`.
  ///
  /// @param kind `file`, `folder` or `symlink`
  record Listed(
      String name,
      String kind,
      long version,
      long size,
      String root,
      List<String> holders,
      boolean here) {}

  /// `get`.
  record Got(List<GotFile> files) {}

  /// `get` of more files than its asker wants listed.
  record GotMany(Summed summed) {}

  /// @param bytes of all files
  /// @param moved of these, what came over the network
  record Summed(int files, long bytes, long moved) {}

  /// One file of `get`.
  ///
  /// @param moved bytes that came over the network
  record GotFile(
      String name,
      long version,
      long size,
      String root,
      String path,
      long moved,
      double seconds,
      List<Source> from) {}

  /// Who delivered how much.
  record Source(String peer, long bytes) {}

  /// How far a `get` is.
  ///
  /// @param rate bytes a second, lately
  record Progress(
      String name,
      long bytes,
      long of,
      long rate,
      int holders,
      int files,
      @JsonProperty("files_of") int filesOf) {}

  /// `put`.
  record Put(List<PutFile> files) {}

  /// One file of `put`.
  ///
  /// @param kept whether what its policy owes it is there
  record PutFile(String name, long version, long size, String root, boolean kept) {}

  /// `rm`.
  record Removed(List<String> names) {}

  /// `mv`.
  record Moved(String from, String to, long version) {}

  /// `lock`.
  ///
  /// @param token what commits under it carry
  /// @param holder what people call the peer that has it
  /// @param expires when it would be lost if its peer fell silent now; renewed as long as it does
  ///   not
  record Locked(String name, long token, String holder, String expires) {}

  /// `unlock`.
  record Unlocked(String name) {}

  /// `history`.
  record History(String name, List<PastVersion> versions) {}

  /// One version in `history`; of a deletion, what was deleted and when.
  record PastVersion(long version, long size, String root, String mtime, boolean deleted) {
    static PastVersion of(Entry entry) {
      Version version = entry.version();
      return new PastVersion(
          version.number(),
          version.content().size(),
          version.content().root().toString(),
          version.mtime().toString(),
          entry.deleted());
    }
  }

  /// `restore`.
  record Restored(List<NameVersion> files) {}

  /// A name and its version.
  record NameVersion(String name, long version) {}

  /// `load`.
  record Load(String peer, int uploads, int downloads, int load) {}

  /// `update`.
  record Updated(
      long files,
      long bytes,
      int added,
      int changed,
      int removed,
      List<Map<String, String>> skipped,
      double seconds) {}

  /// A line of `peers`.
  record Peer(String name, String id, String address, String state, long files, long bytes) {
    static Peer of(Member member) {
      return new Peer(
          member.name(),
          member.id().text(),
          member.control().map(Object::toString).orElse(""),
          member.state().name().toLowerCase(Locale.ROOT),
          member.files(),
          member.bytes());
    }

    /// A peer of which only the last address is known.
    static Peer remembered(Holder peer) {
      return new Peer(peer.name(), peer.peer().text(), peer.control().toString(), "suspect", 0, 0);
    }
  }

  /// `invite`.
  record Invitation(String ticket, String expires) {}

  /// `recover`.
  ///
  /// @param done false: this is what would be done
  /// @param epoch of the directory that takes the place of the one that is gone
  /// @param names how many this machine knows
  /// @param lost who kept the directory, but for this machine
  /// @param admits whether machines can be let in, and certificates renewed, from here
  record Recovered(boolean done, int epoch, long names, List<String> lost, boolean admits) {}

  /// `expel`.
  record Expelled(String name, String id) {}

  /// `complete`.
  record Completions(List<String> names) {}

  /// `status`.
  ///
  /// @param unsaved what is kept of drafts that could not be committed
  /// @param overlaid names whose edit is safe here, and not a file of the share yet
  /// @param setAside files whose names the party had forgotten when this peer came back
  record Status(
      String name,
      String id,
      String address,
      String share,
      boolean open,
      Directory directory,
      int transfers,
      int uploads,
      int downloads,
      @JsonProperty("corrupt_pieces") long corruptPieces,
      Durability durability,
      List<Map<String, String>> skipped,
      List<Distrust.Distrusted> distrusted,
      List<String> unsaved,
      List<String> overlaid,
      @JsonProperty("set_aside") List<String> setAside) {}

  /// The directory as this peer sees it.
  ///
  /// @param role `leader` if it is hosted here, else `client`
  /// @param leader where it was reached last
  /// @param members who has a seat
  /// @param state `connected`, `learning` or `away`
  /// @param epoch grows each time the directory is begun anew by `recover`
  /// @param admits whether machines could be let in from here: the party is open, or this machine
  ///   has a copy of its key
  /// @param contact when this peer was last in touch with the directory, as far as was noted;
  ///   nothing if they never did
  record Directory(
      String role,
      String leader,
      List<String> members,
      String state,
      int epoch,
      boolean admits,
      String contact) {}

  /// What the party holds.
  record Durability(long names) {}
}
