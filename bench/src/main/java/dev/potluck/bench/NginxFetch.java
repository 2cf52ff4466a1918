package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// curl from nginx over plain HTTP into a new file; then, or not, `openssl dgst`, which verifies.
final class NginxFetch implements Contestant {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Lab lab;
  private final FetchTask task;
  private final boolean verified;

  NginxFetch(Lab lab, FetchTask task, boolean verified) {
    this.lab = lab;
    this.task = task;
    this.verified = verified;
  }

  @Override
  public String name() {
    return verified ? "curl, then openssl" : "curl, unverified";
  }

  @Override
  public Optional<String> missing() {
    return Machine.has("nginx") && Machine.has("curl") && Machine.has("openssl")
        ? Optional.empty()
        : Optional.of("apt install nginx-light curl openssl");
  }

  @Override
  public Measurement run(int round) throws IOException, InterruptedException {
    Path folder = task.folder("nginx");
    int port = Ports.free();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configured(folder, port, task.source()));
    Path taken = task.folder("nginx-taker");
    List<String> giving = List.of("nginx", "-p", folder.toString(), "-c", configuration.toString());
    try (Child giver = lab.keep(Child.start(Host.LOOPBACK, folder.resolve("nginx.out"), giving))) {
      Ports.await(port, Duration.ofSeconds(10));
      String url = "http://127.0.0.1:%d/%s".formatted(port, task.name());
      String script =
          "curl -sf -o \"$0\" \"$1\"" + (verified ? " && openssl dgst -sha256 -r \"$0\"" : "");
      Path file = taken.resolve(task.name());
      task.claimMemory();
      Stopwatch watch = Stopwatch.start(giver.handle());
      Child.run(
          Host.LOOPBACK,
          folder.resolve("curl.out"),
          LIMIT,
          List.of("sh", "-c", script, file.toString(), url));
      Measurement measured = watch.stop();
      task.check(taken);
      return measured;
    } finally {
      Trees.delete(taken);
    }
  }

  private static String configured(Path folder, int port, Path source) {
    return """
    worker_processes 2; daemon off; user root; error_log %1$s/error.log; pid %1$s/pid;
    events { worker_connections 1024; }
    http {
      access_log off; sendfile on; tcp_nopush on;
      client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
      uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
      server { listen 127.0.0.1:%2$d; root %3$s; }
    }
    """
        .formatted(folder, port, source);
  }
}
