package mailfrom.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operations of SES for receipt rules. */
final class ReceiptOperations {

  void addTo(Map<String, LocalSes.Operation> operations) {
    operations.put("DescribeActiveReceiptRuleSet", this::describeActiveReceiptRuleSet);
    operations.put("CreateReceiptRuleSet", this::createReceiptRuleSet);
    operations.put("CreateReceiptRule", this::createReceiptRule);
    operations.put("SetActiveReceiptRuleSet", this::setActiveReceiptRuleSet);
  }

  private QueryAnswer describeActiveReceiptRuleSet(SesRegion region, QueryParameters parameters) {
    String active = region.activeRuleSet;
    if (active == null) {
      return new QueryAnswer.Done("");
    }
    List<String> rules =
        region.ruleSets.getOrDefault(active, List.of()).stream()
            .map(
                rule ->
                    Xml.text("Name", rule.name())
                        + Xml.text("Enabled", Boolean.toString(rule.enabled()))
                        + Xml.text("TlsPolicy", "Optional")
                        + Xml.list(
                            "Recipients", rule.recipients().stream().map(Xml::escaped).toList())
                        + Xml.list("Actions", List.of())
                        + Xml.text("ScanEnabled", "false"))
            .toList();
    String metadata =
        Xml.text("Name", active) + Xml.text("CreatedTimestamp", "2026-01-01T00:00:00.000Z");
    return new QueryAnswer.Done(Xml.element("Metadata", metadata) + Xml.list("Rules", rules));
  }

  private QueryAnswer createReceiptRuleSet(SesRegion region, QueryParameters parameters) {
    String name = parameters.text("RuleSetName");
    if (name == null) {
      return SesErrors.missing("ruleSetName");
    }
    return region.ruleSets.putIfAbsent(name, new ArrayList<>()) == null
        ? new QueryAnswer.Done("")
        : QueryAnswer.refused("AlreadyExists", "Rule set already exists: " + name);
  }

  private QueryAnswer createReceiptRule(SesRegion region, QueryParameters parameters) {
    String set = parameters.text("RuleSetName");
    QueryParameters rule = parameters.below("Rule");
    String name = rule.text("Name");
    if (set == null || name == null) {
      return SesErrors.missing(set == null ? "ruleSetName" : "rule.name");
    }
    List<SesRegion.ReceiptRule> rules = region.ruleSets.get(set);
    if (rules == null) {
      return QueryAnswer.refused("RuleSetDoesNotExist", "Rule set does not exist: " + set);
    }
    if (rules.stream().anyMatch(other -> other.name().equals(name))) {
      return QueryAnswer.refused("AlreadyExists", "Rule already exists: " + name);
    }
    rules.add(
        new SesRegion.ReceiptRule(
            name, Boolean.parseBoolean(rule.text("Enabled")), rule.members("Recipients")));
    return new QueryAnswer.Done("");
  }

  private QueryAnswer setActiveReceiptRuleSet(SesRegion region, QueryParameters parameters) {
    String name = parameters.text("RuleSetName");
    if (name != null && !region.ruleSets.containsKey(name)) {
      return QueryAnswer.refused("RuleSetDoesNotExist", "Rule set does not exist: " + name);
    }
    region.activeRuleSet = name;
    return new QueryAnswer.Done("");
  }
}
