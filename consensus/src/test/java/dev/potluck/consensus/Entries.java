package dev.potluck.consensus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A state that is nothing but its entries, as text.
final class Entries implements ReplicatedState {
  private final List<String> all = new ArrayList<>();
  private volatile boolean leading;
  private volatile int loads;

  synchronized List<String> all() {
    return List.copyOf(all);
  }

  boolean isLeading() {
    return leading;
  }

  /// How often the state was replaced by a saved one.
  int loads() {
    return loads;
  }

  @Override
  public synchronized void apply(byte[] entry) {
    all.add(new String(entry, UTF_8));
  }

  @Override
  public synchronized void clear() {
    all.clear();
  }

  @Override
  public synchronized void load(InputStream in) throws IOException {
    all.clear();
    new String(in.readAllBytes(), UTF_8).lines().forEach(all::add);
    loads++;
  }

  @Override
  public synchronized void save(OutputStream out) throws IOException {
    out.write(String.join("\n", all).getBytes(UTF_8));
  }

  @Override
  public void leads() {
    leading = true;
  }

  @Override
  public void follows(Optional<String> leader) {
    leading = false;
  }

  @Override
  public void failed(String why) {
    throw new AssertionError(why);
  }
}
