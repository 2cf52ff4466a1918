package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ConflictException;
import dev.potluck.content.UnavailableException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The control client, against a real Unix socket with somebody else behind it.
@Timeout(20)
final class ControlClientTest {
  @TempDir private Path share;
  private Path state = Path.of("/");

  @BeforeEach
  void makeShare() throws IOException {
    state = Files.createDirectory(share.resolve(".potluck"));
  }

  @Test
  void asksOneLineAndReturnsTheResult() throws Exception {
    var socket = state.resolve("control.sock");
    try (var server = listen(socket)) {
      var asked = answer(server, "{\"result\":{\"version\":3}}\n");

      var result = ControlClient.ask(share, "find", Map.of("name", "a\nb", "wait_ms", 5));

      assertThat(result.path("version").asInt()).isEqualTo(3);
      assertThat(asked.get(5, TimeUnit.SECONDS))
          .startsWith("{\"command\":\"find\",\"args\":{")
          .contains("\"name\":\"a\\nb\"", "\"wait_ms\":5");
    }
  }

  @Test
  void progressAndNotesComeBeforeTheResult() throws Exception {
    try (var server = listen(state.resolve("control.sock"))) {
      var _ =
          answer(
              server,
              """
          {"progress":{"bytes":1}}
          {"note":"hm"}
          {"progress":{"bytes":2}}
          {"result":null}
          """);
      var heard = new ArrayList<String>();

      try (var client = ControlClient.connect(share)) {
        client.call("get", Map.of("names", List.of("x")), remembering(heard));
      }

      assertThat(heard).containsExactly("1", "hm", "2");
    }
  }

  @Test
  void errorsAreThrownAsWhatTheyWere() throws Exception {
    try (var server = listen(state.resolve("control.sock"))) {
      var _ = answer(server, "{\"error\":{\"status\":5,\"message\":\"it exists\"}}\n");

      assertThatThrownBy(() -> ControlClient.ask(share, "put", Map.of()))
          .isInstanceOf(ConflictException.class)
          .hasMessage("it exists");
    }
  }

  @Test
  void streamsBytesAfterTheLine() throws Exception {
    try (var server = listen(state.resolve("control.sock"))) {
      var _ = answer(server, "{\"note\":\"now\"}\n{\"stream\":7}\n{\"a\"}\n\n");
      var sink = new ByteArrayOutputStream();

      try (var client = ControlClient.connect(share)) {
        var size = client.stream("cat", Map.of("name", "x"), ControlClient.Listener.SILENT, sink);

        assertThat(size).isEqualTo(7);
      }
      assertThat(sink.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\"}\n\n");
    }
  }

  @Test
  void streamThatEndsEarlyIsNoContent() throws Exception {
    try (var server = listen(state.resolve("control.sock"))) {
      var _ = answer(server, "{\"stream\":7}\nabc");

      try (var client = ControlClient.connect(share)) {
        assertThatThrownBy(
                () ->
                    client.stream(
                        "cat",
                        Map.of(),
                        ControlClient.Listener.SILENT,
                        new ByteArrayOutputStream()))
            .isInstanceOf(UnavailableException.class);
      }
    }
  }

  @Test
  void eventsComeUntilTheDaemonEnds() throws Exception {
    try (var server = listen(state.resolve("control.sock"))) {
      var _ = answer(server, "{\"event\":{\"n\":1}}\n{\"event\":{\"n\":2}}\n");
      var seen = new ArrayList<Integer>();

      try (var client = ControlClient.connect(share)) {
        assertThatThrownBy(
                () -> client.events(Map.of(), event -> seen.add(event.path("n").asInt())))
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("went away");
      }
      assertThat(seen).containsExactly(1, 2);
    }
  }

  @Test
  void socketWithALongPathIsFoundElsewhere() throws Exception {
    var deep = Files.createDirectories(share.resolve("d".repeat(120)).resolve(".potluck"));
    var elsewhere = state.resolve("elsewhere.sock");
    Files.writeString(deep.resolve("socket"), elsewhere + "\n");
    try (var server = listen(elsewhere)) {
      var _ = answer(server, "{\"result\":1}\n");

      assertThat(ControlClient.ask(share.resolve("d".repeat(120)), "peers", Map.of()).asInt())
          .isEqualTo(1);
    }
  }

  @Test
  void nobodyThereIsUnavailable() {
    assertThatThrownBy(() -> ControlClient.connect(share))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no peer runs for " + share);
    assertThatThrownBy(() -> ControlClient.connect(share.resolve("nowhere")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("is not shared yet");
  }

  @Test
  void socketThatADeadDaemonLeftIsUnavailable() throws Exception {
    listen(state.resolve("control.sock")).close();

    assertThatThrownBy(() -> ControlClient.connect(share))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no peer runs");
  }

  @Test
  void closingHangsUp() throws Exception {
    try (var server = listen(state.resolve("control.sock"))) {
      var hungUp = new CompletableFuture<Integer>();
      Thread.ofVirtual().start(() -> hungUp.complete(readToEnd(server)));
      var client = ControlClient.connect(share);
      var asking = new CompletableFuture<Throwable>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  client.call("get", Map.of(), ControlClient.Listener.SILENT);
                } catch (UnavailableException e) {
                  asking.complete(e);
                }
              });

      client.close();

      assertThat(hungUp.get(10, TimeUnit.SECONDS)).isNotNegative();
      assertThat(asking.get(10, TimeUnit.SECONDS)).isInstanceOf(UnavailableException.class);
    }
  }

  private static ControlClient.Listener remembering(List<String> heard) {
    return new ControlClient.Listener() {
      @Override
      public void note(String text) {
        heard.add(text);
      }

      @Override
      public void progress(JsonNode document) {
        heard.add(document.path("bytes").asString());
      }
    };
  }

  private static ServerSocketChannel listen(Path socket) throws IOException {
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return server.bind(UnixDomainSocketAddress.of(socket));
  }

  /// Answers the first client; the line it sent.
  private static CompletableFuture<String> answer(ServerSocketChannel server, String text) {
    var asked = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (var client = server.accept()) {
                var lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                asked.complete(lines.readLine());
                client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
              } catch (IOException e) {
                asked.completeExceptionally(e);
              }
            });
    return asked;
  }

  private static int readToEnd(ServerSocketChannel server) {
    try (SocketChannel client = server.accept()) {
      var buffer = ByteBuffer.allocate(4096);
      var total = 0;
      for (var count = client.read(buffer); count >= 0; count = client.read(buffer.clear())) {
        total += count;
      }
      return total;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
