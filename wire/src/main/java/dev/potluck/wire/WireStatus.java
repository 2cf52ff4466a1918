package dev.potluck.wire;

import dev.potluck.content.ConflictException;
import dev.potluck.content.CorruptException;
import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The one mapping between what services throw and gRPC's statuses. What a service threw carries a
/// mark, so that "the directory says: unavailable" is not taken for "the directory can't be
/// reached".
final class WireStatus {
  private static final System.Logger LOG = System.getLogger("dev.potluck.wire");
  private static final int MESSAGE_LENGTH_MAX = 1_500;
  private static final Metadata.Key<String> SAID =
      Metadata.Key.of("potluck-said", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> DIRECTORY =
      Metadata.Key.of("potluck-directory", Metadata.ASCII_STRING_MARSHALLER);

  private WireStatus() {}

  /// What the caller gets for what a service threw.
  static StatusRuntimeException of(Throwable thrown) {
    Metadata trailers = new Metadata();
    trailers.put(SAID, "1");
    Status status =
        switch (thrown) {
          case UsageException _ -> Status.INVALID_ARGUMENT;
          case NoSuchNameException _ -> Status.NOT_FOUND;
          case UnavailableException _ -> Status.UNAVAILABLE;
          case ConflictException _ -> Status.ALREADY_EXISTS;
          case DeniedException _ -> Status.PERMISSION_DENIED;
          case CorruptException _ -> Status.DATA_LOSS;
          case FailedException _ -> Status.INTERNAL;
          case NotTheDirectory elsewhere -> {
            trailers.put(DIRECTORY, text(elsewhere.addresses()));
            yield Status.FAILED_PRECONDITION;
          }
          case IllegalArgumentException _ -> Status.INVALID_ARGUMENT;
          default -> {
            LOG.log(System.Logger.Level.WARNING, "a call failed", thrown);
            yield Status.INTERNAL;
          }
        };
    boolean tell = thrown instanceof PotluckException || thrown instanceof IllegalArgumentException;
    String message = tell ? String.valueOf(thrown.getMessage()) : "the other side failed";
    String shown = message.substring(0, Math.min(message.length(), MESSAGE_LENGTH_MAX));
    return status.withDescription(shown).asRuntimeException(trailers);
  }

  /// What a call's failure means here.
  static PotluckException exception(Throwable failure, String whom) {
    if (TlsRefusal.isOne(failure)) {
      return new DeniedException(whom + ": " + TlsRefusal.describe(failure), failure);
    }
    Status status = Status.fromThrowable(failure);
    String said = status.getDescription();
    String message = said == null ? status.getCode().toString() : said;
    if (!wasSaid(failure)) {
      return switch (status.getCode()) {
        case PERMISSION_DENIED, UNAUTHENTICATED -> new DeniedException(whom + ": " + message);
        case DEADLINE_EXCEEDED ->
            new UnavailableException(whom + " did not answer in time", failure);
        case INVALID_ARGUMENT, OUT_OF_RANGE -> new UsageException(message, failure);
        default -> new UnavailableException(whom + " can't be reached: " + reason(status), failure);
      };
    }
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> new UsageException(message);
      case NOT_FOUND -> new NoSuchNameException(message);
      case ALREADY_EXISTS -> new ConflictException(message);
      case PERMISSION_DENIED -> new DeniedException(message);
      case DATA_LOSS -> new CorruptException(message);
      case INTERNAL -> new FailedException(message);
      default -> new UnavailableException(message);
    };
  }

  /// Why the transport failed, in the words of what failed first ("Connection refused").
  private static String reason(Status status) {
    Throwable first = status.getCause();
    while (first != null && first.getCause() != null) {
      first = first.getCause();
    }
    String said = first == null ? null : first.getMessage();
    String described = status.getDescription();
    return said != null ? said : described != null ? described : status.getCode().toString();
  }

  /// Whether a service said so, rather than the transport.
  static boolean wasSaid(Throwable failure) {
    return trailers(failure).map(t -> t.containsKey(SAID)).orElse(false);
  }

  /// Whether the connection failed, so that it is of no more use.
  static boolean isBroken(Throwable failure) {
    return !wasSaid(failure) && Status.fromThrowable(failure).getCode() == Status.Code.UNAVAILABLE;
  }

  /// Whether the call may have been carried out, although no answer came.
  static boolean mayHaveArrived(Throwable failure) {
    return isBroken(failure)
        && Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
            .noneMatch(cause -> cause instanceof ConnectException);
  }

  /// Where to ask instead, if that is what the failure says.
  static Optional<List<Endpoint>> redirect(Throwable failure) {
    return trailers(failure).map(t -> t.get(DIRECTORY)).map(WireStatus::endpoints);
  }

  private static Optional<Metadata> trailers(Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException e -> Optional.ofNullable(e.getTrailers());
      case StatusException e -> Optional.ofNullable(e.getTrailers());
      default -> Optional.empty();
    };
  }

  private static String text(List<Endpoint> endpoints) {
    return endpoints.stream()
        .limit(WireLimits.ADDRESSES)
        .map(Endpoint::toString)
        .collect(Collectors.joining(","));
  }

  private static List<Endpoint> endpoints(String text) {
    try {
      return Arrays.stream(text.split(",", WireLimits.ADDRESSES + 1))
          .filter(part -> !part.isEmpty())
          .limit(WireLimits.ADDRESSES)
          .map(Endpoint::parse)
          .toList();
    } catch (UsageException e) {
      return List.of();
    }
  }
}
