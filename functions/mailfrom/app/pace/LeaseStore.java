package mailfrom.app.pace;

import java.time.Duration;

/** Leases in the table: at most one holder of a name at a time. */
public interface LeaseStore {

  /** Takes or renews a lease for an owner; false when another owner holds it. */
  boolean hold(String name, String owner, Duration length);

  void release(String name, String owner);
}
