package dev.potluck.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.potluck.content.ContentId;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.PeerId;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the answer to a request. Blocking; the only place where outcomes become HTTP statuses: 200
/// and 206 with bytes, 404 not here, 409 not all of it here, 416 outside, 403 expelled, 400, 405,
/// 413, 426 for what is no request.
final class BulkAnswers {
  private static final String BINARY = "application/octet-stream";

  /// An answer, and the body to send after it.
  ///
  /// @param end whether the connection ends with it
  record Answer(HttpResponse head, BulkBody body, boolean bodyless, boolean end) {}

  private final BulkSource source;

  BulkAnswers(BulkSource source) {
    this.source = source;
  }

  Answer to(BulkRequest request, PeerId client, byte[] posted) throws IOException {
    return switch (request) {
      case BulkRequest.Content(ContentId id, boolean headOnly, String range) ->
          content(client, id, headOnly, range);
      case BulkRequest.Layer(ContentId id, boolean headOnly) -> layer(client, id, headOnly);
      case BulkRequest.Batch _ -> batch(client, posted);
      case BulkRequest.Exchange _ -> refusal(400, "not an exchange", true);
      case BulkRequest.Malformed(int status, String why) -> refusal(status, why, true);
    };
  }

  private Answer content(PeerId client, ContentId id, boolean headOnly, @Nullable String header) {
    Optional<ByteRange> range = ByteRange.of(header, id.size());
    Optional<Served> opened = source.open(client, id);
    if (opened.isEmpty()) {
      return refusal(404, "not here", false);
    }
    Served served = opened.get();
    if (range.isEmpty() || !served.has(range.get().offset(), range.get().lengthBytes())) {
      served.close();
      Answer answer =
          range.isEmpty() ? refusal(416, "outside", false) : refusal(409, "not all here", false);
      answer.head.headers().set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + id.size());
      return answer;
    }
    ByteRange part = range.get();
    HttpResponse head = head(part.partial() ? 206 : 200, part.lengthBytes());
    head.headers().set(HttpHeaderNames.ETAG, BulkRequest.etag(id));
    head.headers().set(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES);
    if (part.partial()) {
      String text = "bytes " + part.offset() + "-" + part.last() + "/" + id.size();
      head.headers().set(HttpHeaderNames.CONTENT_RANGE, text);
    }
    return new Answer(
        head, new BulkBody.Range(served, part), headOnly || part.lengthBytes() == 0, false);
  }

  private Answer layer(PeerId client, ContentId id, boolean headOnly) throws IOException {
    Optional<Served> opened = source.open(client, id);
    if (opened.isEmpty()) {
      return refusal(404, "not here", false);
    }
    try (Served served = opened.get()) {
      byte[] hashes = served.layer();
      HttpResponse head = head(200, hashes.length);
      head.headers().set(HttpHeaderNames.ETAG, BulkRequest.etag(id));
      boolean bodyless = headOnly || hashes.length == 0;
      return new Answer(head, new BulkBody.Bytes(hashes), bodyless, false);
    }
  }

  private Answer batch(PeerId client, byte[] posted) {
    try {
      var body = new BulkBody.Batch(source, client, BulkRequest.ids(posted));
      HttpResponse head = head(200, -1);
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      return new Answer(head, body, false, false);
    } catch (UsageException e) {
      return refusal(400, "not a batch", true);
    }
  }

  static Answer refusal(int status, String why, boolean end) {
    byte[] text = (why + "\n").getBytes(UTF_8);
    HttpResponse head = head(status, text.length);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    if (end) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return new Answer(head, new BulkBody.Bytes(text), false, end);
  }

  /// What is said when the source itself failed: nothing about why.
  static Answer failure(Exception e) {
    return e instanceof PotluckException
        ? refusal(503, "not now", false)
        : refusal(500, "failed", true);
  }

  private static HttpResponse head(int status, long lengthBytes) {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, BINARY);
    if (lengthBytes >= 0) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, lengthBytes);
    }
    return head;
  }
}
