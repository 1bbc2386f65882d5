package io.flocker.cli.manual;

import io.flocker.cli.ca.CaCommand;
import io.flocker.cli.command.CommandEnvironment;
import io.flocker.cli.command.CommandTree;
import io.flocker.cli.command.Version;
import io.flocker.cli.daemon.DaemonCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes manual pages and completions, for packages. */
public final class Manuals {
  private Manuals() {}

  /**
   * Writes all below one folder, in the places that they have below {@code /usr/share}.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    Path share = Path.of(arguments[0]);
    CommandLine flocker = CommandTree.of(CommandEnvironment.ofProcess());
    CommandLine authority = new CommandLine(new CaCommand());
    // Before the pages, which widen the help of what they describe.
    for (CommandLine program : new CommandLine[] {flocker, authority}) {
      writeCompletions(share, program);
    }
    writePage(share, flocker, 1);
    writePage(share, authority, 1);
    writePage(share, new CommandLine(new DaemonCommand()), 8);
  }

  private static void writePage(Path share, CommandLine program, int section) throws IOException {
    Path file = share.resolve("man/man%d/%s.%1$d".formatted(section, program.getCommandName()));
    write(file, ManualPage.of(program, section, "flockerd " + Version.number()));
  }

  private static void writeCompletions(Path share, CommandLine program) throws IOException {
    String name = program.getCommandName();
    write(share.resolve("bash-completion/completions/" + name), AutoComplete.bash(name, program));
    write(share.resolve("zsh/vendor-completions/_" + name), zsh(name));
    write(share.resolve("fish/vendor_completions.d/" + name + ".fish"), FishCompletion.of(program));
  }

  /**
   * Bash's, which zsh can read but for {@code compopt}, which it lacks; the file is what zsh loads
   * at the first completion.
   */
  private static String zsh(String program) {
    return """
    #compdef %1$s
    autoload -U +X bashcompinit && bashcompinit
    (( ${+functions[compopt]} )) || compopt() { :; }
    source /usr/share/bash-completion/completions/%1$s
    _bash_complete -o default -F _complete_%2$s
    """
        .formatted(program, program.replace("-", "_"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
