package dev.potluck.peer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/// The native code of SQLite and of the network. Left to themselves, their jars write it to the
/// system's temporary folder at every start, and SQLite's stays there when the process is killed.
///
/// It is unpacked once, beside the jars, where the launcher says, for all daemons of a build. Where
/// that folder can't be written or nothing in it may be executed, it lies in the state folder.
final class NativeLibraries {
  /// System property: the launcher's folder. It is `java.library.path` too, which Netty tries
  /// before its jar.
  static final String FOLDER = "potluck.native";

  private static final Logger LOG = System.getLogger(NativeLibraries.class.getName());
  private static final String SQLITE = "libsqlitejdbc.so";
  private static final String SQLITE_FOLDER = "org.sqlite.lib.path";

  /// Where SQLite unpacks if all else fails; it looks for old copies there at every start.
  private static final String SQLITE_TEMP = "org.sqlite.tmpdir";

  /// Where Netty unpacks what it does not find; it deletes that once it is loaded.
  private static final String NETTY_TEMP = "io.netty.native.workdir";

  /// Netty's names of processors, by Java's.
  private static final Map<String, String> PROCESSORS =
      Map.of("amd64", "x86_64", "aarch64", "aarch_64");

  private NativeLibraries() {}

  /// Sees to it that they are loaded from where they can stay. To be called before the first
  /// database is opened and before the first connection; later calls change nothing.
  ///
  /// @param state the daemon's state folder
  static synchronized void prepare(Path state) {
    if (System.getProperty(SQLITE_FOLDER) != null) {
      return;
    }
    String shared = System.getProperty(FOLDER, "");
    if (!shared.isEmpty() && use(Path.of(shared))) {
      return;
    }
    // A newer version brings newer libraries.
    if (!use(state.resolve("native").resolve(SQLiteJDBCLoader.getVersion()))) {
      LOG.log(Level.DEBUG, "native libraries are unpacked into the temporary folder");
    }
  }

  private static boolean use(Path folder) {
    try {
      Files.createDirectories(folder);
      String sqlite = "org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS();
      if (!unpacked(folder, sqlite, SQLITE)) {
        return false;
      }
      String processor = PROCESSORS.getOrDefault(System.getProperty("os.arch"), "");
      unpacked(folder, "META-INF/native", "libnetty_tcnative_linux_" + processor + ".so");
      unpacked(folder, "META-INF/native", "libnetty_transport_native_epoll_" + processor + ".so");
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "native libraries cannot lie in {0}: {1}", folder, e.getMessage());
      return false;
    }
    System.setProperty(SQLITE_FOLDER, folder.toString());
    System.setProperty(SQLITE_TEMP, folder.toString());
    System.setProperty(NETTY_TEMP, folder.toString());
    return true;
  }

  /// Whether the library is there and may be loaded; unpacks it if it is not there.
  private static boolean unpacked(Path folder, String source, String library) throws IOException {
    Path place = folder.resolve(library);
    if (!Files.exists(place)) {
      unpack(source + "/" + library, place);
    }
    return Files.isExecutable(place); // false, too, where the file system is mounted noexec
  }

  /// Written aside, synced and renamed: several first starts at once do each other no harm, and a
  /// power cut leaves no half of one.
  private static void unpack(String resource, Path place) throws IOException {
    try (InputStream in = NativeLibraries.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        return; // another system than the jar has one for: its own way of loading will say so
      }
      Path written = Files.createTempFile(place.getParent(), "unpacking-", ".so");
      try {
        Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (FileChannel file = FileChannel.open(written, StandardOpenOption.WRITE)) {
          file.force(true);
        }
        Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(written);
      }
    }
  }
}
