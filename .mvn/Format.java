import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Checks ({@code --check}) or writes ({@code --write}) google-java-format over folders; {@code --skip} does nothing. */
public final class Format {
  public static void main(String[] args) throws Exception {
    String mode = args[0];
    if (mode.equals("--skip")) {
      return;
    }
    List<Path> files = new ArrayList<>();
    for (String folder : Arrays.asList(args).subList(1, args.length)) {
      try (var tree = Files.walk(Path.of(folder))) {
        tree.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
      }
    }
    List<Path> wrong = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Callable<Boolean>> jobs = new ArrayList<>();
      for (Path file : files) {
        jobs.add(() -> check(file, mode.equals("--write")));
      }
      var results = pool.invokeAll(jobs);
      for (int i = 0; i < files.size(); i++) {
        if (!results.get(i).get()) {
          wrong.add(files.get(i));
        }
      }
    }
    if (!wrong.isEmpty() && mode.equals("--check")) {
      wrong.forEach(file -> System.err.println("not in google-java-format: " + file));
      System.err.println("Write the format with: mvn -q -Pformat process-sources");
      System.exit(1);
    }
  }

  private static boolean check(Path file, boolean write) throws Exception {
    String source = Files.readString(file);
    String formatted =
        new Formatter().formatSource(ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(source), Style.GOOGLE));
    if (formatted.equals(source)) {
      return true;
    }
    if (write) {
      Files.writeString(file, formatted);
    }
    return write;
  }
}
