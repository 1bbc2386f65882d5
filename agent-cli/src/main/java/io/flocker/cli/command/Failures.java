package io.flocker.cli.command;

import io.flocker.cli.setup.SetupException;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.failure.FailureException;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.client.UnreachableException;
import io.flocker.http.problem.Problem;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Turns what a command threw into words on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  private final Session session;

  Failures(Session session) {
    this.session = session;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult line) {
    PrintWriter err = command.getErr();
    int code =
        switch (e) {
          case FailureException problem -> {
            print(problem, err);
            yield ExitCode.FAILED;
          }
          case UnreachableException unreachable -> {
            session.complain("flocker: " + unreachable.getMessage());
            yield ExitCode.UNREACHABLE;
          }
          case SetupException _ -> {
            session.complain("flocker: " + e.getMessage());
            yield ExitCode.FAILED;
          }
          case CredentialsException _, ConfigurationException _, TypeConversionException _ -> {
            ("flocker: " + e.getMessage()).lines().forEach(session::complain); // A line a mistake.
            yield ExitCode.USAGE;
          }
          default -> {
            err.println("flocker: a defect of this program; please report it");
            e.printStackTrace(err);
            yield ExitCode.FAILED;
          }
        };
    err.flush();
    return code;
  }

  private void print(FailureException problem, PrintWriter err) {
    if (session.isDocument()) {
      err.println(session.text(Problem.of(problem).document()));
    } else {
      List<String> lines = session.lines(problem);
      session.complain("flocker: " + lines.getFirst());
      lines.stream().skip(1).forEach(session::complain);
    }
  }
}
