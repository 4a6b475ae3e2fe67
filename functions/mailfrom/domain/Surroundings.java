package mailfrom.domain;

import java.util.SortedSet;

/**
 * What the evaluation of one identity needs to know of the others.
 *
 * @param nearestVerifiedAncestorIsCustom whether its nearest verified less granular identity is
 *     CUSTOM
 * @param regionsOfName the Regions in which an identity uses the same MAIL FROM domain, its own
 *     included
 * @param baselined whether the Region's first report was told
 * @param silenced whether a silence matches it
 */
public record Surroundings(
    boolean nearestVerifiedAncestorIsCustom,
    SortedSet<String> regionsOfName,
    boolean baselined,
    boolean silenced) {}
