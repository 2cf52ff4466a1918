package dev.potluck.fuse;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Numbers for the nodes of a file system, with the look-up counts that decide how long they live.
/// A number is never used twice. Thread-safe.
///
/// @param <T> what a node is
public final class NodeTable<T> {
  private final ConcurrentHashMap<Long, Node<T>> byNumber = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<T, Node<T>> byValue = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong(FileSystem.ROOT + 1);
  private final Consumer<T> forgotten;

  /// @param forgotten told of each node that the kernel has forgotten; must not call this table
  public NodeTable(T root, Consumer<T> forgotten) {
    this.forgotten = forgotten;
    Node<T> node = new Node<>(FileSystem.ROOT, root, Long.MAX_VALUE / 2);
    byNumber.put(node.number, node);
    byValue.put(root, node);
  }

  /// The number of a node, with one look-up more: for an answer that carries an [Entry].
  public long lookup(T value) {
    Node<T> node =
        byValue.compute(
            value,
            (_, known) -> {
              if (known != null) {
                known.lookups++;
                return known;
              }
              Node<T> fresh = new Node<>(next.getAndIncrement(), value, 1);
              byNumber.put(fresh.number, fresh);
              return fresh;
            });
    return node.number;
  }

  /// The node with a number.
  ///
  /// @throws ErrnoException ESTALE if there is none
  public T get(long number) throws ErrnoException {
    Node<T> node = byNumber.get(number);
    if (node == null) {
      throw new ErrnoException(Errno.ESTALE);
    }
    return node.value;
  }

  /// The number by which the kernel knows a node; 0 if it does not know it.
  public long numberOf(T value) {
    @Nullable Node<T> node = byValue.get(value);
    return node == null ? 0 : node.number;
  }

  /// What [FileSystem#forget] passes on.
  public void forget(long number, long lookups) {
    Node<T> node = byNumber.get(number);
    if (node == null || number == FileSystem.ROOT) {
      return;
    }
    byValue.computeIfPresent(
        node.value,
        (_, known) -> {
          if (known.number != number) {
            return known; // forgotten already, and looked up again since
          }
          known.lookups -= lookups;
          if (known.lookups > 0) {
            return known;
          }
          byNumber.remove(known.number);
          forgotten.accept(known.value);
          return null;
        });
  }

  /// How many nodes the kernel knows, the root among them.
  public int size() {
    return byNumber.size();
  }

  private static final class Node<T> {
    final long number;
    final T value;
    long lookups; // guarded by the bin of byValue

    Node(long number, T value, long lookups) {
      this.number = number;
      this.value = value;
      this.lookups = lookups;
    }
  }
}
