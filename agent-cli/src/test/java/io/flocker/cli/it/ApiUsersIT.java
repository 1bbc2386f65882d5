package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.daemon.Generator;
import io.flocker.core.pki.Credentials;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Those who build on the API: people with curl, and programs on generated clients. */
class ApiUsersIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static final Path TUTORIAL = Path.of("..", "agent-http", "TUTORIAL.md");
  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final String PASSWORD = "changeit";

  @Test
  void theTutorialIsTrue(@TempDir Path folder) throws Exception {
    Files.copy(NODES.cluster().authorityFile(), folder.resolve("cluster.crt"));
    var _ = NODES.cluster().user("alice").save(folder, "alice");
    String commands =
        COMMANDS
            .matcher(Files.readString(TUTORIAL))
            .results()
            .map(block -> block.group(1))
            .collect(Collectors.joining("\n"))
            .replace("10.0.0.1:4523", NODES.first().address())
            .replace("10.0.0.2:4523", NODES.second().address());
    Files.writeString(folder.resolve("tutorial.sh"), commands);
    Path output = folder.resolve("output");

    Process shell =
        new ProcessBuilder("bash", "-eu", "tutorial.sh")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    String said = shell.waitFor() + "\n" + Files.readString(output);
    assertTrue(said.startsWith("0\n"), said);
    assertTrue(said.contains("urn:flocker:problem:not-owner"), said);
    assertTrue(said.contains("\nowner\n"), said);
    assertTrue(said.endsWith("Verified OK\nhello from the first node\n"), said);
  }

  @Test
  void aGeneratedClientListsVolumes(@TempDir Path folder) throws Exception {
    VolumeDocument volume = NODES.first().create("default.listed");
    Files.writeString(folder.resolve("openapi.json"), document());
    Path classes = compile(folder, generate(folder));

    Generator.Ended listing =
        Generator.program(
            folder,
            "java",
            List.of(
                "-Djavax.net.ssl.keyStore=" + store(folder, NODES.user()),
                "-Djavax.net.ssl.keyStorePassword=" + PASSWORD,
                "-Djavax.net.ssl.trustStore=" + folder.resolve("keys.p12"),
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                "-cp",
                classes + ":" + Generator.JAR,
                "ListVolumes",
                NODES.first().url().toString()));

    assertEquals(0, listing.status(), listing::output);
    assertTrue(listing.output().contains("default.listed " + volume.id()), listing::output);
  }

  private static String document() throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(NODES.user().sslContext()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(NODES.first().url().resolve("/v1/openapi.json")).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static Path generate(Path folder) throws IOException, InterruptedException {
    Path client = folder.resolve("client");
    Generator.Ended generation =
        Generator.run(
            folder,
            "generate",
            "-i",
            "openapi.json",
            "-g",
            "java",
            "--library",
            "native",
            "-o",
            client.toString(),
            "--additional-properties=openApiNullable=false,annotationLibrary=none,"
                + "useSingleRequestParameter=true",
            "--parameter-name-mappings",
            "wait=patience"); // An accessor wait() would be Object's own, which is final.
    assertEquals(0, generation.status(), generation::output);
    return client.resolve("src/main/java");
  }

  private static Path compile(Path folder, Path sources) throws IOException, InterruptedException {
    try (InputStream program = ApiUsersIT.class.getResourceAsStream("ListVolumes.java")) {
      Files.copy(Objects.requireNonNull(program), sources.resolve("ListVolumes.java"));
    }
    // The one name that the generated code wants, and the generator's jar does not have.
    Path annotation = Files.createDirectories(sources.resolve("javax/annotation"));
    Files.writeString(
        annotation.resolve("Generated.java"),
        """
        package javax.annotation;
        public @interface Generated { String[] value(); String date() default ""; String comments() default ""; }
        """);
    Path classes = folder.resolve("classes");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-J-XX:TieredStopAtLevel=1", // It ends before the optimising compiler pays.
                "-J-XX:+UseSerialGC",
                "-nowarn",
                "-cp",
                Generator.JAR.toString(),
                "-d",
                classes.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    Generator.Ended compilation = Generator.program(folder, "javac", arguments);
    assertEquals(0, compilation.status(), compilation::output);
    return classes;
  }

  /** Key and trust for {@code javax.net.ssl}, in one file. */
  private static Path store(Path folder, Credentials user) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("user", user.key(), PASSWORD.toCharArray(), user.chain());
    store.setCertificateEntry("cluster", user.authority().certificate());
    Path file = folder.resolve("keys.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }
}
