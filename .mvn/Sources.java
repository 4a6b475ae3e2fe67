import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Sources, before they are compiled. Those that were generated anew and say the same are as old as before: else each build
 * would compile everything again. Those in the folders named are in google-java-format: checked ({@code --check}), checked where
 * they are not as they were committed ({@code --check-changed}), written ({@code --write}) or left alone ({@code --skip}).
 */
public final class Sources {
  private static final Path GENERATED = Path.of("target/generated-sources/jte");
  private static final Path BEFORE = Path.of("target/generated-before");

  public static void main(String[] args) throws Exception {
    keepTimes();
    if (!args[0].equals("--skip")) {
      format(args[0], Arrays.asList(args).subList(1, args.length));
    }
  }

  private static void keepTimes() throws IOException {
    try (var tree = Files.walk(GENERATED)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        Path before = BEFORE.resolve(GENERATED.relativize(file));
        if (Files.exists(before) && Files.mismatch(file, before) < 0) {
          Files.setLastModifiedTime(file, Files.getLastModifiedTime(before));
        } else {
          Files.createDirectories(before.getParent());
          Files.copy(file, before, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static void format(String mode, List<String> folders) throws Exception {
    List<Path> files = new ArrayList<>();
    for (String folder : folders) {
      try (var tree = Files.walk(Path.of(folder))) {
        tree.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
      }
    }
    if (mode.equals("--check-changed")) {
      files.retainAll(changed(folders).orElse(files));
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
    if (!wrong.isEmpty() && !mode.equals("--write")) {
      wrong.forEach(file -> System.err.println("not in google-java-format: " + file));
      System.err.println("Write the format with: mvn -q -Pformat process-sources");
      System.exit(1);
    }
  }

  /** Those that are not as they were committed; empty: this is no checkout, or there is no git. */
  private static Optional<List<Path>> changed(List<String> folders) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "ls-files", "--modified", "--others", "--exclude-standard", "--"));
    command.addAll(folders);
    try {
      Process git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      List<Path> files = git.inputReader().lines().map(Path::of).toList();
      return git.waitFor() == 0 ? Optional.of(files) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
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
