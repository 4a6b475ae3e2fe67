package mailfrom.local;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The faults that the services of the local cloud still have to show, in the order in which they
 * were planned.
 */
public final class FaultPlan {
  /** The service that fails. */
  public enum Service {
    SES,
    SNS,
    TABLE,
    DNS
  }

  /** How it fails. */
  public enum Kind {
    /** Refused as too fast; no effect. */
    THROTTLING,
    /** The service's own error; no effect. */
    FAIL_BEFORE,
    /** The call takes effect, and is answered with the service's own error. */
    FAIL_AFTER,
    /** No answer and no effect: the connection is held, then closed. */
    TIMEOUT,
    /** Of SES: status 200, and an empty body. */
    EMPTY_BODY,
    /** Of SES: status 200, and a page of a proxy on the way. */
    PROXY_PAGE,
    /** Of SES: status 200, the right envelope, and nothing in it. */
    EMPTY_ANSWER;

    /** Whether only SES is known to answer so. */
    public boolean isOfSes() {
      return switch (this) {
        case THROTTLING, FAIL_BEFORE, FAIL_AFTER, TIMEOUT -> false;
        case EMPTY_BODY, PROXY_PAGE, EMPTY_ANSWER -> true;
      };
    }
  }

  /** A planned fault: the operation's name or {@code *}, and how many calls it still hits. */
  public record Fault(Service service, String operation, Kind kind, int times) {
    public Fault {
      if (kind.isOfSes() && service != Service.SES) {
        throw new IllegalArgumentException("only SES answers with " + kind);
      }
      if (times < 1) {
        throw new IllegalArgumentException("a fault hits one call or more, not " + times);
      }
    }

    private boolean hits(Service asked, List<String> names) {
      return service == asked
          && (operation.equals("*")
              || names.stream().anyMatch(name -> name.equalsIgnoreCase(operation)));
    }
  }

  private final List<Fault> planned = new ArrayList<>();

  /** Plans a fault for the next {@code times} calls of the operation. */
  public synchronized void add(Service service, String operation, Kind kind, int times) {
    planned.add(new Fault(service, operation, kind, times));
  }

  /**
   * Uses up one hit of the first fault planned for the call, if there is one. A call may go by
   * several names: a DNS query by its type and by the name asked for.
   */
  public synchronized Optional<Kind> take(Service service, String... names) {
    List<String> known = List.of(names);
    for (int i = 0; i < planned.size(); i++) {
      Fault fault = planned.get(i);
      if (fault.hits(service, known)) {
        if (fault.times() == 1) {
          planned.remove(i);
        } else {
          planned.set(i, new Fault(service, fault.operation(), fault.kind(), fault.times() - 1));
        }
        return Optional.of(fault.kind());
      }
    }
    return Optional.empty();
  }

  /** What is still planned. */
  public synchronized List<Fault> planned() {
    return List.copyOf(planned);
  }

  /** Forgets what is planned for a service. */
  public synchronized void clear(Service service) {
    for (Iterator<Fault> all = planned.iterator(); all.hasNext(); ) {
      if (all.next().service() == service) {
        all.remove();
      }
    }
  }
}
