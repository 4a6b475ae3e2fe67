package mailfrom.app.settings;

import java.util.Optional;

/**
 * Where watch keeps which identities may be changed, and settings reads it: it may be longer than
 * an environment, and is in force without a new version of a function.
 */
public interface ManagedStore {

  /** What was kept last; empty before the first time. */
  Optional<ManagedPatterns.Texts> find();

  /** Keeps it in the place of what was kept before. */
  void keep(ManagedPatterns.Texts texts);

  /** What may be changed; nothing before somebody said it. */
  default ManagedPatterns patterns() {
    return find().map(ManagedPatterns.Texts::patterns).orElse(ManagedPatterns.NONE);
  }
}
