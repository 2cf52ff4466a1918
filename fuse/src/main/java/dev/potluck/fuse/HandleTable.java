package dev.potluck.fuse;

import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Numbers for open files and directories; none is used twice. Thread-safe.
///
/// @param <T> what is open
public final class HandleTable<T> {
  private final ConcurrentHashMap<Long, T> byNumber = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong(1);

  /// The number of what was opened just now.
  public long add(T value) {
    long number = next.getAndIncrement();
    byNumber.put(number, value);
    return number;
  }

  /// What is open under a number.
  ///
  /// @throws ErrnoException EBADF if nothing is
  public T get(long number) throws ErrnoException {
    T value = byNumber.get(number);
    if (value == null) {
      throw new ErrnoException(Errno.EBADF);
    }
    return value;
  }

  /// The same, nothing being no error.
  public @Nullable T find(long number) {
    return byNumber.get(number);
  }

  /// Takes out what is closed now.
  public @Nullable T remove(long number) {
    return byNumber.remove(number);
  }

  /// All that is open at present.
  public Collection<T> all() {
    return Collections.unmodifiableCollection(byNumber.values());
  }

  public int size() {
    return byNumber.size();
  }
}
