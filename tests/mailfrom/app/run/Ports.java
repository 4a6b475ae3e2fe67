package mailfrom.app.run;

/** What stands between the use cases and their ports: faults, kills, a watcher. */
public interface Ports {
  /** Nothing does. */
  Ports PLAIN =
      new Ports() {
        @Override
        public <T> T around(Class<T> port, T real) {
          return real;
        }
      };

  /** The port as the use cases get it. */
  <T> T around(Class<T> port, T real);
}
