package mailfrom.domain.desired;

/**
 * What may be healed without being asked each time.
 *
 * @param restart whether a Failed identity is started again once its MX is back
 * @param repair whether drift is set back
 */
public record HealPolicy(boolean restart, boolean repair) {}
