package mailfrom.local;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A template of CloudFormation, before or after the transform of SAM: what CloudFormation's
 * functions stand for is put in, so that the functions run in exactly the environment that an
 * account would give them.
 */
public final class Template {
  /** What Ref and GetAtt stand for in an account. */
  public interface Names {
    /**
     * The value.
     *
     * @param attribute empty for Ref
     */
    Object of(String logicalId, String attribute);

    /** Any name of an account: it says what it is of. */
    static String any(String logicalId, String attribute) {
      return attribute.endsWith("Arn")
          ? "arn:aws:any:us-east-1:" + LocalSns.ACCOUNT + ":" + logicalId
          : attribute.isEmpty() ? logicalId : logicalId + "." + attribute;
    }
  }

  private static final Pattern PLACE = Pattern.compile("\\$\\{([^!}]+)}");

  /** A value that AWS::NoValue takes away. */
  private static final Object NONE = new Object();

  private final Map<String, Object> root;

  private Template(Map<String, Object> root) {
    this.root = root;
  }

  /** The template that is deployed. {@code -Dtemplate=} names what the transform made of it. */
  public static Template read() {
    return read(Path.of(System.getProperty("template", "template.yaml")));
  }

  /** Reads a file, in YAML or in JSON. */
  public static Template read(Path file) {
    try {
      return of(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a text. */
  public static Template of(String text) {
    Node node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
    return new Template(map(value(node)));
  }

  /** Short forms such as {@code !Ref} become long ones. */
  private static Object value(Node node) {
    Object plain =
        switch (node) {
          case MappingNode mapping -> {
            Map<String, Object> values = new LinkedHashMap<>();
            mapping
                .getValue()
                .forEach(
                    tuple ->
                        values.put(
                            ((ScalarNode) tuple.getKeyNode()).getValue(),
                            value(tuple.getValueNode())));
            yield values;
          }
          case SequenceNode sequence -> sequence.getValue().stream().map(Template::value).toList();
          case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) ->
              Boolean.valueOf(scalar.getValue());
          case ScalarNode scalar when scalar.getTag().equals(Tag.INT) ->
              Long.valueOf(scalar.getValue());
          case ScalarNode scalar -> scalar.getValue();
          default -> throw new IllegalArgumentException("not in a template: " + node);
        };
    String tag = node.getTag().getValue();
    if (!tag.startsWith("!")) {
      return plain;
    }
    String function = tag.substring(1);
    return switch (function) {
      case "Ref", "Condition" -> Map.of(function, plain);
      default -> Map.of("Fn::" + function, plain);
    };
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static Object in(Map<String, Object> map, String key) {
    Object value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key + " among " + map.keySet());
    }
    return value;
  }

  /** The parameters' defaults, by name. */
  public Map<String, String> defaults() {
    Map<String, String> defaults = new TreeMap<>();
    map(root.get("Parameters"))
        .forEach(
            (name, spec) -> {
              Object value = map(spec).get("Default");
              if (value != null) {
                defaults.put(name, String.valueOf(value));
              }
            });
    return defaults;
  }

  /**
   * What an account would make of it, in us-east-1.
   *
   * @param parameters those that are not their defaults
   */
  public Rendered render(Map<String, String> parameters, Names names) {
    Map<String, String> values = defaults();
    parameters.forEach(
        (name, value) -> {
          if (!map(root.get("Parameters")).containsKey(name)) {
            throw new IllegalArgumentException("the template has no parameter " + name);
          }
          values.put(name, value);
        });
    values.put("AWS::AccountId", LocalSns.ACCOUNT);
    values.putIfAbsent("AWS::Region", "us-east-1");
    values.put("AWS::Partition", "aws");
    values.put("AWS::URLSuffix", "amazonaws.com");
    values.put("AWS::StackName", "ses-mail-from");
    return new Rendered(root, values, names);
  }

  /** A template with everything put in. */
  public static final class Rendered {
    private final Map<String, Object> root;
    private final Map<String, String> values;
    private final Names names;
    private final Map<String, Object> resources;

    private Rendered(Map<String, Object> root, Map<String, String> values, Names names) {
      this.root = root;
      this.values = values;
      this.names = names;
      this.resources = map(root.get("Resources"));
    }

    /** The logical ids of a type whose conditions hold, in the template's order. */
    public List<String> ofType(String type) {
      return resources.keySet().stream()
          .filter(id -> type.equals(map(resources.get(id)).get("Type")) && isThere(id))
          .toList();
    }

    private boolean isThere(String logicalId) {
      Object condition = map(resources.get(logicalId)).get("Condition");
      return condition == null || holds(String.valueOf(condition));
    }

    /** The properties of a resource; those of a function have SAM's globals among them. */
    public Map<String, Object> properties(String logicalId) {
      Map<String, Object> resource = map(in(resources, logicalId));
      Object own = in(resource, "Properties");
      Object all =
          "AWS::Serverless::Function".equals(resource.get("Type"))
              ? merged(map(map(root.get("Globals")).get("Function")), own)
              : own;
      return map(resolved(all));
    }

    private static Object merged(@Nullable Object globals, Object own) {
      if (!(globals instanceof Map) || !(own instanceof Map)) {
        return own;
      }
      Map<String, Object> all = new LinkedHashMap<>(map(globals));
      map(own).forEach((key, value) -> all.put(key, merged(all.get(key), value)));
      return all;
    }

    /** The environment that a function's process gets from the template. */
    public Map<String, String> environment(String function) {
      Map<String, String> environment = new TreeMap<>();
      map(map(properties(function).get("Environment")).get("Variables"))
          .forEach((name, value) -> environment.put(name, String.valueOf(value)));
      return environment;
    }

    /** The event that a schedule sends at a time. */
    public String input(String function, String schedule, String time) {
      Map<String, Object> events = map(properties(function).get("Events"));
      Object input =
          events.isEmpty()
              ? in(map(in(properties(function + schedule), "Target")), "Input")
              : in(map(in(map(in(events, schedule)), "Properties")), "Input");
      return String.valueOf(input).replace("<aws.scheduler.scheduled-time>", time);
    }

    /** The routes of the HTTP API that lead to a function: method and path. */
    public List<String> routes(String function) {
      return map(properties(function).get("Events")).values().stream()
          .map(event -> map(in(map(event), "Properties")))
          .filter(route -> route.containsKey("Path"))
          .map(route -> in(route, "Method") + " " + in(route, "Path"))
          .toList();
    }

    private boolean holds(String condition) {
      return truth(in(map(root.get("Conditions")), condition));
    }

    private boolean truth(Object node) {
      var call = map(node).entrySet().iterator().next();
      return switch (call.getKey()) {
        case "Condition" -> holds(String.valueOf(call.getValue()));
        case "Fn::Equals" -> {
          List<Object> both = list(resolved(call.getValue()));
          yield String.valueOf(both.getFirst()).equals(String.valueOf(both.getLast()));
        }
        case "Fn::Not" -> !truth(list(call.getValue()).getFirst());
        case "Fn::And" -> list(call.getValue()).stream().allMatch(this::truth);
        case "Fn::Or" -> list(call.getValue()).stream().anyMatch(this::truth);
        default -> throw new IllegalArgumentException("no condition: " + node);
      };
    }

    private Object resolved(Object node) {
      return switch (node) {
        case List<?> items ->
            items.stream()
                .map(item -> resolved(Objects.requireNonNull(item)))
                .filter(item -> !NONE.equals(item))
                .toList();
        case Map<?, ?> any -> {
          Map<String, Object> call = map(any);
          yield call.size() == 1 && isFunction(call.keySet().iterator().next())
              ? called(call.keySet().iterator().next(), call.values().iterator().next())
              : mapped(call);
        }
        default -> node;
      };
    }

    private Map<String, Object> mapped(Map<String, Object> plain) {
      Map<String, Object> values = new LinkedHashMap<>();
      plain.forEach(
          (key, value) -> {
            Object one = resolved(value);
            if (!NONE.equals(one)) {
              values.put(key, one);
            }
          });
      return values;
    }

    private static boolean isFunction(String key) {
      return key.equals("Ref") || key.startsWith("Fn::");
    }

    private Object called(String function, Object arguments) {
      return switch (function) {
        case "Ref" -> ref(String.valueOf(arguments));
        case "Fn::GetAtt" -> {
          String[] parts =
              arguments instanceof List<?> both
                  ? both.stream().map(String::valueOf).toArray(String[]::new)
                  : String.valueOf(arguments).split("\\.", 2);
          in(resources, parts[0]);
          yield names.of(parts[0], parts[1]);
        }
        case "Fn::If" -> {
          List<Object> three = list(arguments);
          yield resolved(three.get(holds(String.valueOf(three.getFirst())) ? 1 : 2));
        }
        case "Fn::FindInMap" -> {
          List<Object> path = list(resolved(arguments));
          Object found = root.get("Mappings");
          for (Object key : path) {
            found = in(map(found), String.valueOf(key));
          }
          yield Objects.requireNonNull(found);
        }
        case "Fn::Join" -> {
          List<Object> both = list(resolved(arguments));
          yield String.join(
              String.valueOf(both.getFirst()),
              list(both.getLast()).stream().map(String::valueOf).toList());
        }
        case "Fn::Split" -> {
          List<Object> both = list(resolved(arguments));
          yield List.of(
              String.valueOf(both.getLast())
                  .split(Pattern.quote(String.valueOf(both.getFirst())), -1));
        }
        case "Fn::Select" -> {
          List<Object> both = list(resolved(arguments));
          yield list(both.getLast()).get(Integer.parseInt(String.valueOf(both.getFirst())));
        }
        case "Fn::Sub" -> {
          List<Object> both = arguments instanceof List<?> ? list(arguments) : List.of(arguments);
          Map<String, Object> own = both.size() > 1 ? map(resolved(both.get(1))) : Map.of();
          yield PLACE
              .matcher(String.valueOf(both.getFirst()))
              .replaceAll(
                  place -> Matcher.quoteReplacement(String.valueOf(placed(place.group(1), own))));
        }
        default -> throw new IllegalArgumentException("a function not known here: " + function);
      };
    }

    private Object placed(String name, Map<String, Object> own) {
      Object mine = own.get(name);
      if (mine != null) {
        return mine;
      }
      return name.contains(".") ? called("Fn::GetAtt", name) : ref(name);
    }

    private Object ref(String name) {
      if (name.equals("AWS::NoValue")) {
        return NONE;
      }
      String value = values.get(name);
      if (value != null) {
        return value;
      }
      // SAM has names for what it makes of a resource: SettingsFunction.Alias.
      String[] parts = name.split("\\.", 2);
      in(resources, parts[0]);
      return names.of(parts[0], parts.length > 1 ? parts[1] : "");
    }
  }
}
