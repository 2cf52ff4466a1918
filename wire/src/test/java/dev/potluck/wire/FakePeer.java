package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceSet;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A peer that remembers what it was told.
final class FakePeer implements PeerService, SeatService, AvailabilityService {
  final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  final BlockingQueue<AvailabilitySink> sinks = new LinkedBlockingQueue<>();

  @Override
  public Load load(PeerId caller) {
    heard.add(caller);
    return new Load(3, 4);
  }

  @Override
  public Greeting greet(PeerId caller, Greeting told) {
    return told;
  }

  @Override
  public boolean adopt(PeerId caller, List<Name> names) {
    heard.add(names);
    return names.size() == 1;
  }

  @Override
  public boolean reaches(PeerId caller, PeerId other) {
    return other.equals(caller);
  }

  @Override
  public BitSet locate(PeerId caller, List<ContentId> contents) {
    BitSet here = new BitSet();
    here.set(contents.size() - 1);
    return here;
  }

  @Override
  public byte[] say(PeerId caller, int kind, byte[] body) {
    heard.add(caller);
    byte[] answer = Arrays.copyOf(body, body.length + 1);
    answer[body.length] = (byte) kind;
    return answer;
  }

  @Override
  public void take(PeerId caller, SeatOffer offer) {
    heard.add(offer);
  }

  @Override
  public void keep(PeerId caller, AuthorityCopy authority) {
    heard.add(authority);
  }

  @Override
  public AvailabilityHandler availability(PeerId caller, ContentId content, AvailabilitySink sink) {
    sinks.add(sink);
    return recording(heard);
  }

  static AvailabilityHandler recording(BlockingQueue<Object> heard) {
    return new AvailabilityHandler() {
      @Override
      public void available(PieceSet delta) {
        heard.add(delta);
      }

      @Override
      public void accepted(boolean guided) {
        heard.add("accepted, guided " + guided);
      }

      @Override
      public void suggested(List<Integer> pieces, boolean bound) {
        heard.add(pieces);
        heard.add("bound " + bound);
      }

      @Override
      public void declined(int piece, boolean coming) {
        heard.add("declined " + piece + ", coming " + coming);
      }

      @Override
      public void closed() {
        heard.add("closed");
      }
    };
  }
}
