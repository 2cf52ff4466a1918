package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.ContentId;
import dev.potluck.content.UsageException;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.AvailabilityMessage;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.LoadMessage;
import dev.potluck.wire.v1.LocateReply;
import dev.potluck.wire.v1.LocateRequest;
import dev.potluck.wire.v1.PeerGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gRPC face of a {@link PeerService}.
final class PeerCalls extends PeerGrpc.PeerImplBase {
  private final PeerService service;

  PeerCalls(PeerService service) {
    this.service = service;
  }

  @Override
  public void load(EmptyMessage request, StreamObserver<LoadMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(out, () -> ValueCodec.message(service.load(caller)));
  }

  @Override
  public void probe(EmptyMessage request, StreamObserver<EmptyMessage> out) {
    Serving.answer(out, EmptyMessage::getDefaultInstance);
  }

  @Override
  public void locate(LocateRequest request, StreamObserver<LocateReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          List<ContentId> contents =
              ValueCodec.list(request.getContentsList(), WireLimits.LOCATE_IDS, ValueCodec::of);
          byte[] here = service.locate(caller, contents).toByteArray();
          return LocateReply.newBuilder().setHere(ByteString.copyFrom(here)).build();
        });
  }

  @Override
  public StreamObserver<AvailabilityMessage> availability(StreamObserver<AvailabilityMessage> out) {
    return new Exchange(Callers.current(), (ServerCallStreamObserver<AvailabilityMessage>) out);
  }

  /// The server's end of one availability exchange; the first message says of which content.
  private final class Exchange implements StreamObserver<AvailabilityMessage> {
    private final PeerId caller;
    private final ServerCallStreamObserver<AvailabilityMessage> out;
    private @Nullable AvailabilityLink link;
    private @Nullable AvailabilityHandler handler;

    Exchange(PeerId caller, ServerCallStreamObserver<AvailabilityMessage> out) {
      this.caller = caller;
      this.out = out;
      out.setOnReadyHandler(this::ready);
      out.setOnCancelHandler(this::over);
    }

    @Override
    public void onNext(AvailabilityMessage message) {
      try {
        AvailabilityLink known = link;
        AvailabilityHandler to = handler;
        if (known == null || to == null) {
          if (!message.hasContent()) {
            throw new UsageException("availability of nothing");
          }
          ContentId content = ValueCodec.of(message.getContent());
          known = new AvailabilityLink(content);
          to = service.availability(caller, content, known);
          link = known;
          handler = to;
          known.begin(out);
        }
        known.take(message, to);
      } catch (RuntimeException e) {
        refuse(e);
      }
    }

    private void refuse(RuntimeException why) {
      AvailabilityLink known = link;
      if (known == null) {
        out.onError(WireStatus.of(why));
      } else {
        known.fail(WireStatus.of(why));
        over();
      }
    }

    private void ready() {
      AvailabilityLink known = link;
      if (known != null) {
        known.flush();
      }
    }

    private void over() {
      AvailabilityLink known = link;
      AvailabilityHandler to = handler;
      if (known != null && to != null) {
        known.over(to);
      }
    }

    @Override
    public void onError(Throwable failure) {
      over();
    }

    @Override
    public void onCompleted() {
      AvailabilityLink known = link;
      if (known == null) {
        out.onCompleted();
      } else {
        known.close();
        over();
      }
    }
  }
}
