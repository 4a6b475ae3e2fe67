package mailfrom.page;

import mailfrom.app.fleet.Attention;
import mailfrom.domain.effect.Effect;
import mailfrom.domain.identity.IdentityState;

/**
 * What mail of an identity gets now, as a tag.
 *
 * @param look the class of its colours
 */
record Tag(String mark, String text, String look) {
  static Tag of(IdentityState state) {
    Attention attention = Attention.of(state);
    Effect effect = state.effectState().effect();
    String look =
        switch (attention) {
          case CRITICAL -> "mf-critical";
          case WARNING -> "mf-warning";
          case INFO, RECOVERING, SETTING_UP -> "mf-info";
          case NONE -> effect == Effect.CUSTOM ? "mf-fine" : "mf-plain";
        };
    String mark =
        attention == Attention.NONE && effect != Effect.CUSTOM ? "–" : Words.mark(attention);
    return new Tag(mark, Words.of(effect), look);
  }
}
