package io.flocker.http.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flocker.core.id.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in Chromium, over a node that says what no node should. */
class PageIT {
  private static final String HURT = "<img src=x onerror=hurt()><script>hurt()</script>";
  private static final String SELF = "2a6e1f0c-7b1d-4e57-8b57-1c9d1b1f4a01";
  private static final String PEER = "9d4f3b52-0c63-4b4e-9d67-54a2a0e3c302";
  private static final String OTHER = "0b9e6a52-7c39-4b0e-8f6e-2f4d6c1a9d33";
  private static final String TIME = "2026-11-24T22:10:05.123Z";
  private static final int VOLUMES = 1_000;
  private static final int TAB = 9; // Windows' virtual key codes, which DevTools takes.
  private static final int ENTER = 13;

  @TempDir private Path folder;
  private StubNode node;
  private Chromium browser;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.isExecutable(Chromium.PROGRAM), "needs Chromium");
    node = new StubNode();
    answers();
    browser = new Chromium(Files.createDirectory(folder.resolve("profile")));
    var _ = browser.ask("Page.enable", Map.of());
    var _ =
        browser.ask(
            "Page.addScriptToEvaluateOnNewDocument",
            Map.of(
                "source",
                """
                window.wrong = [];
                window.asked = [];
                window.isAway = false;
                window.later = 0;
                Object.defineProperty(Document.prototype, "hidden", { get: () => isAway });
                const [fetched, clock] = [fetch, performance.now.bind(performance)];
                performance.now = () => clock() + later;
                window.fetch = (path, options) => {
                  asked.push(path.split("?")[0]);
                  return fetched(path, options);
                };
                window.hurt = () => wrong.push("hurt");
                addEventListener("error", event => wrong.push(String(event.message)));
                addEventListener("unhandledrejection", event => wrong.push(String(event.reason)));
                addEventListener("securitypolicyviolation",
                    event => wrong.push(event.violatedDirective));
                """));
    var _ = browser.ask("Page.navigate", Map.of("url", node.url().toString()));
    browser.await("document.getElementById('state')?.textContent === 'live'");
    browser.await("document.querySelectorAll('#rows tr').length === 100");
    browser.await("document.querySelectorAll('svg').length === 2");
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (node != null) {
      node.close();
    }
  }

  @Test
  void showsANodeAndGoesOnShowingIt() throws Exception {
    browser.await("document.getElementById('host').textContent.startsWith('10.')");
    browser.await("document.getElementById('peers').textContent.startsWith('node-2')");
    assertEquals("10.0.0.1:4523", text("host"));
    assertEquals("100 of 1000 are shown; 900 more fit.", text("count"));
    assertTrue(text("warnings").contains(HURT), text("warnings"));
    assertTrue(text("peers").startsWith("node-2 does not answer since "), text("peers"));
    assertTrue(text("facts").contains("Peers that answer0 of 1, 1 not asked yet"), text("facts"));

    browser.evaluate("document.getElementById('more').click()");
    browser.await("document.querySelectorAll('#rows tr').length === 200");
    browser.evaluate(
        """
        { const words = document.getElementById('words');
          words.value = 'failed'; words.dispatchEvent(new Event('input')); }
        """);
    browser.await("document.querySelectorAll('#rows tr').length === 1");
    String row = browser.evaluate("document.getElementById('rows').textContent").stringValue();
    assertTrue(row.contains("node-2, failed, 13 s behind"), row);
    assertTrue(row.contains(HURT), row);
    browser.evaluate(
        """
        { const words = document.getElementById('words');
          words.value = ''; words.dispatchEvent(new Event('input'));
          document.getElementById('amiss').click(); }
        """);
    browser.await("document.querySelectorAll('#rows tr').length === 2");
    assertEquals(
        "failed contested",
        browser
            .evaluate(
                "[...document.querySelectorAll('#rows .bad')].map(one => one.textContent).join('"
                    + " ')")
            .stringValue());
    assertEquals(
        "row", browser.evaluate("document.querySelector('#rows tr').cells[0].scope").stringValue());

    browser.evaluate(
        "window.table = document.querySelector('#rate details'); table.open = true; 0");
    node.answer("/v1/history", history(4_096));
    node.tell("00-5", "replication.changed", changed());
    browser.await("table.textContent.includes('4.0 KiB/s')");
    assertTrue(browser.evaluate("table.isConnected && table.open").booleanValue());
    browser.await("document.getElementById('told').children.length === 1");
    browser.evaluate("window.first = document.getElementById('told').firstElementChild; 0");
    node.tell("00-6", "configuration.accepted", accepted());
    browser.await(
        "document.getElementById('told').textContent.includes('generation 7, by user-alice')");
    assertTrue(browser.evaluate("first.isConnected && !!first.previousSibling").booleanValue());

    node.tell("00-7", "operation.progress", operation("operation.progress", 512));
    browser.await("document.querySelector('#running progress')?.value === 512");
    node.tell("00-8", "operation.ended", operation("operation.ended", 1_024));
    browser.await("document.getElementById('running').textContent === 'Nothing.'");
    browser.await("document.getElementById('told').textContent.includes('operation.ended')");

    node.leave();
    browser.await("document.body.className === 'is-lost'");
    node.comeBack();
    browser.await("document.getElementById('state').textContent === 'live'");
    assertEquals(List.of("", "00-8"), node.lastIds());

    assertEquals(0, browser.evaluate("document.querySelectorAll('main img').length").intValue());
    assertEquals("[]", browser.evaluate("JSON.stringify(wrong)").stringValue());
    assertEquals(List.of(), node.strangeMethods());
  }

  @Test
  void asksForWhoLooksAndTellsWhatItDoesNotKnow() throws Exception {
    node.tell("00-3", "configuration.accepted", accepted());
    browser.await("document.getElementById('told').children.length === 1");
    assertEquals(
        0,
        browser
            .evaluate(
                """
                (async () => {
                  isAway = true;
                  document.dispatchEvent(new Event('visibilitychange'));
                  later = 3_600_000;
                  const before = asked.length;
                  await new Promise(resume => setTimeout(resume, 1_200));
                  return asked.length - before;
                })()
                """)
            .intValue());
    assertEquals("connecting", text("state"));

    browser.evaluate(
        """
        asked.length = 0; isAway = false;
        document.dispatchEvent(new Event('visibilitychange'))
        """);
    browser.await("document.getElementById('state').textContent === 'live'");
    browser.await("new Set(asked).size === 9");
    assertEquals(List.of("", "00-3"), node.lastIds());

    assertEquals(
        1,
        browser
            .evaluate(
                """
                (async () => {
                  const { Work } = await import('/ui/ask.js');
                  let [runs, going, most] = [0, 0, 0];
                  return new Promise(ended => {
                    const work = new Work(async () => {
                      most = Math.max(most, ++going);
                      if (++runs === 2) {
                        ended(most);
                      }
                      work.wish();
                      await new Promise(resume => setTimeout(resume, 500));
                      going--;
                    }, { least: 0 });
                    work.wish();
                  });
                })()
                """)
            .intValue(),
        "of a kind are under way at once");

    node.leave();
    List<String> refused =
        List.of(
            "/v1/node",
            "/v1/peers",
            "/v1/configuration/status",
            "/v1/operations",
            "/v1/replication");
    refused.forEach(node::refuse);
    var _ = browser.ask("Page.navigate", Map.of("url", node.url() + "?again"));
    browser.await(
        """
        location.search === '?again'
          && document.querySelectorAll('section .problem:not([hidden])').length === 5
          && document.querySelectorAll('#rows tr').length === 100
          && document.querySelectorAll('svg').length === 2
        """);
    browser.await(
        "document.getElementById('state').textContent === 'refused: It is not there Wait.'");

    assertEquals("It is not there Wait.", text("wish-problem"));
    assertEquals("Not known yet.", text("peers"));
    assertEquals("Not known yet.", text("wish"));
    assertEquals("Not known yet.", text("running"));
    assertTrue(text("facts").contains("Peers that answernot known yet"), text("facts"));
    assertEquals(
        "not known yet",
        browser.evaluate("document.querySelector('#rows tr').cells[4].textContent").stringValue());

    assertEquals("[]", browser.evaluate("JSON.stringify(wrong)").stringValue());
  }

  @Test
  void fitsEveryScreenAndEveryKeyboard() throws Exception {
    for (int width : List.of(320, 360, 768, 1_280)) {
      var _ =
          browser.ask(
              "Emulation.setDeviceMetricsOverride",
              Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
      assertEquals(
          0,
          browser
              .evaluate(
                  "document.documentElement.scrollWidth - document.documentElement.clientWidth")
              .intValue(),
          () -> "what does not fit into " + width);
    }
    browser.press("Tab", TAB);
    assertEquals("skip", browser.evaluate("document.activeElement.className").stringValue());
    assertTrue(
        browser.evaluate("document.activeElement.getBoundingClientRect().left >= 0").booleanValue(),
        "the skip link cannot be seen");
    browser.press("Enter", ENTER);
    browser.await("document.activeElement.id === 'content'");
    assertEquals(
        "",
        browser
            .evaluate(
                """
                [...document.querySelectorAll('a, button, input, summary, svg, progress, table')]
                  .filter(one => !(one.textContent.trim() || one.labels?.length
                      || one.ariaLabel || one.getAttribute('aria-labelledby')))
                  .map(one => one.outerHTML).join()
                """)
            .stringValue(),
        "what has no name");
  }

  @Test
  void thePageOfTheApiIsSearched() throws Exception {
    var _ = browser.ask("Page.navigate", Map.of("url", node.url().resolve("/v1/docs").toString()));
    browser.await("location.pathname === '/v1/docs' && !!document.querySelector('nav input')");
    browser.evaluate(
        """
        { const words = document.querySelector('nav input');
          words.value = 'Unreachable PEER'; words.dispatchEvent(new Event('input')); }
        """);

    browser.await("document.getElementById('problem-peer-unreachable').offsetParent !== null");
    browser.await("document.getElementById('problem-pool-unavailable').offsetParent === null");
    browser.await("document.getElementById('schemas').offsetParent === null");
    browser.evaluate("location.hash = 'problem-pool-unavailable'");
    browser.await("document.getElementById('problem-pool-unavailable').offsetParent !== null");
    assertEquals("[]", browser.evaluate("JSON.stringify(wrong)").stringValue());
  }

  private String text(String id) throws Exception {
    return browser.evaluate("document.getElementById('" + id + "').textContent").stringValue();
  }

  private void answers() {
    node.answer(
        "/v1/node",
        """
        {"node": "%s", "bootId": "%s", "url": "https://10.0.0.1:4523", "stuck": [],
         "pool": {"name": "flocker", "sizeBytes": 1000, "freeBytes": 500, "health": "ONLINE"},
         "warnings": [{"title": "It warns", "detail": "%s"}]}
        """
            .formatted(SELF, SELF, HURT));
    node.answer("/v1/version", "{\"version\": \"1.2.3\", \"api\": [\"v1\"], \"extensions\": []}");
    node.answer(
        "/v1/peers",
        """
        {"peers": [{"node": "%s", "name": "node-2", "addresses": ["10.0.0.2:4523"],
          "takeover": "never", "reachable": false, "since": "%s"},
         {"node": "%s", "addresses": ["10.0.0.3:4523"], "takeover": "never"}]}
        """
            .formatted(PEER, TIME, OTHER));
    node.answer(
        "/v1/configuration/status", "{\"generation\": 0, \"isAsWished\": true, \"objects\": []}");
    node.answer("/v1/operations", "{\"operations\": []}");
    node.answer("/v1/history", history(2_048));
    List<String> ids =
        IntStream.range(0, VOLUMES).mapToObj(_ -> VolumeId.random().toString()).toList();
    node.answer(
        "/v1/volumes",
        IntStream.range(0, VOLUMES)
            .mapToObj(i ->
                """
                {"id": "%s", "name": "default.v%04d", "owner": "%s", "role": "%s",
                 "copies": ["%s"], "epoch": 0, "dataset": "d", "mounted": true, "mountState": "mounted",
                 "usedBytes": 1, "referencedBytes": 1, "quotaBytes": 0, "snapshotCount": 0,
                 "metadata": {}}
                """
                    .formatted(ids.get(i), i, SELF, i == 1 ? "contested" : "owner", PEER))
            .collect(Collectors.joining(",", "{\"volumes\": [", "]}")));
    node.answer(
        "/v1/replication",
        """
        {"copies": [{"volume": "%s", "name": "default.v0000", "peer": "%s", "state": "failed",
          "since": "%s", "lagSeconds": 12.5, "maxLagSeconds": 60, "tries": 1,
          "waitsFor": {"step": "retry", "text": "the next try", "since": "%s", "bytes": 0},
          "lastError": {"title": "It failed", "detail": "%s"}}]}
        """
            .formatted(ids.getFirst(), PEER, TIME, TIME, HURT));
  }

  private static String history(int sent) {
    return """
    {"since": "%s", "stepSeconds": 10, "samples": [{"time": "%s", "lagSeconds": 12.5,
      "receivedBytesPerSecond": 0, "sentBytesPerSecond": %d, "copies": 1, "notCurrent": 1}]}
    """
        .formatted(TIME, TIME, sent);
  }

  private static String changed() {
    return """
    {"type": "replication.changed", "time": "%s", "volume": "%s", "peer": "%s",
     "before": "current", "copy": {"peer": "%s", "state": "failed"}}
    """
        .formatted(TIME, SELF, PEER, PEER)
        .replace("\n", "");
  }

  private static String accepted() {
    return """
    {"type": "configuration.accepted", "time": "%s", "generation": 7, "by": "user-alice"}
    """
        .formatted(TIME)
        .replace("\n", "");
  }

  private static String operation(String type, int bytes) {
    return """
    {"type": "%s", "time": "%s", "operation": {"id": "%s", "kind": "push", "state": "%s",
     "started": "%s", "phase": "sending", "bytes": %d, "totalBytes": 1024, "bytesPerSecond": 100}}
    """
        .formatted(type, TIME, SELF, type.endsWith("ended") ? "succeeded" : "running", TIME, bytes)
        .replace("\n", "");
  }
}
