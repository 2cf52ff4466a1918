package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.UsageException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client of the bulk port asks for.
sealed interface BulkRequest {
  String CONTENT = "/content/";
  String LAYER = "/layer/";
  String BATCH = "/batch";
  String EXCHANGE = "/exchange/";

  /// What the connection becomes when an exchange is opened.
  String PROTOCOL = "potluck-exchange";

  /// Bytes of a content.
  ///
  /// @param range as the header says it, if it counts
  record Content(ContentId id, boolean headOnly, @Nullable String range) implements BulkRequest {}

  /// The piece hashes of a content.
  record Layer(ContentId id, boolean headOnly) implements BulkRequest {}

  /// Several small contents; the ids follow in the body.
  record Batch(int bodyBytes) implements BulkRequest {}

  /// To make an availability exchange of the connection.
  record Exchange(ContentId id) implements BulkRequest {}

  /// Something else.
  record Malformed(int status, String why) implements BulkRequest {}

  static BulkRequest of(HttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      return new Malformed(400, "not an HTTP request");
    }
    String uri = request.uri();
    HttpMethod method = request.method();
    boolean head = method.equals(HttpMethod.HEAD);
    if (uri.equals(BATCH)) {
      return method.equals(HttpMethod.POST)
          ? batch(request.headers())
          : new Malformed(405, "POST the ids");
    }
    if (!head && !method.equals(HttpMethod.GET)) {
      return new Malformed(405, "GET or HEAD");
    }
    try {
      if (uri.startsWith(CONTENT)) {
        ContentId id = ContentId.parse(uri.substring(CONTENT.length()));
        return new Content(id, head, range(request.headers(), id));
      }
      if (uri.startsWith(LAYER)) {
        return new Layer(ContentId.parse(uri.substring(LAYER.length())), head);
      }
      if (uri.startsWith(EXCHANGE)) {
        ContentId id = ContentId.parse(uri.substring(EXCHANGE.length()));
        return !head && PROTOCOL.equals(request.headers().get(HttpHeaderNames.UPGRADE))
            ? new Exchange(id)
            : new Malformed(426, "GET it with Upgrade: " + PROTOCOL);
      }
    } catch (UsageException e) {
      return new Malformed(404, "not a content id");
    }
    return new Malformed(404, "no such thing");
  }

  private static @Nullable String range(HttpHeaders headers, ContentId id) {
    String condition = headers.get(HttpHeaderNames.IF_RANGE);
    boolean counts = condition == null || condition.equals(etag(id));
    return counts ? headers.get(HttpHeaderNames.RANGE) : null;
  }

  private static BulkRequest batch(HttpHeaders headers) {
    int length = headers.getInt(HttpHeaderNames.CONTENT_LENGTH, -1);
    if (length <= 0 || length % BatchFrames.ID_BYTES != 0) {
      return new Malformed(400, "a batch is a list of ids");
    }
    return length > WireLimits.BATCH_IDS * BatchFrames.ID_BYTES
        ? new Malformed(413, "at most " + WireLimits.BATCH_IDS + " ids")
        : new Batch(length);
  }

  static String etag(ContentId id) {
    return '"' + id.toString() + '"';
  }

  /// Reads the ids of a batch.
  ///
  /// @throws UsageException if one is none, or together they are too long
  static List<ContentId> ids(byte[] body) {
    List<ContentId> ids = new ArrayList<>(body.length / BatchFrames.ID_BYTES);
    long sum = 0;
    for (int at = 0; at < body.length; at += BatchFrames.ID_BYTES) {
      ContentId id = BatchFrames.id(body, at);
      if (id.size() > WireLimits.BATCH_BYTES || (sum += id.size()) > WireLimits.BATCH_BYTES) {
        throw new UsageException("a batch of more than " + WireLimits.BATCH_BYTES + " bytes");
      }
      ids.add(id);
    }
    return ids;
  }
}
