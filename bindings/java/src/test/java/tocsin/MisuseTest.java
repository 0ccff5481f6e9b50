package tocsin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

/** What a program does wrong is an exception of the package, and the virtual machine goes on. */
public class MisuseTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private static TocsinException fails(String message, ThrowingRunnable call) {
        TocsinException thrown = assertThrows(TocsinException.class, call);
        assertTrue(thrown.getMessage(), thrown.getMessage().contains(message));
        return thrown;
    }

    @Test
    public void textThatIsNoUnicode() {
        try (Plan plan = Plan.load(Posts.PLAN); Scanner scanner = plan.scanner()) {
            for (String half : new String[] {"a\ud800", "a\udc00b", "a\udc00\ud800", "a\ud800\ud83d\udd25"}) {
                fails("text has half a surrogate pair at char 1", () -> scanner.classify(half));
                fails("title of document 1 has half", () -> scanner.classifyBatch(
                        Arrays.asList(Document.of("x"), Document.of("x").title(half))));
                fails("text has half", () -> Tocsin.fold(half));
                fails("has half", () -> Plan.load(half));
            }
            try (DocumentStream stream = scanner.stream(Document.of(""))) {
                stream.write("晴天\ud83d");
                fails("the end of the text has half", stream::end);
                fails("text has half a surrogate pair at char 0", () -> stream.write("x"));
                stream.write("\udd25");
                assertEquals("none", stream.end().tier());
            }
            fails("NUL", () -> Plan.load("a\0b"));
            assertEquals("none", scanner.classify("a\0b").tier());
        }
    }

    @Test
    public void wrongArguments() {
        fails("reach is -1", () -> Document.of("").reach(-1));
        fails("maxHits", () -> new ScannerOptions().maxHits(-1));
        fails("", () -> Plan.compile(Collections.<String, String>emptyMap()));
        try (Plan plan = Plan.load(Posts.PLAN)) {
            fails("max_document_bytes", () -> plan.scanner(new ScannerOptions().maxDocumentBytes(1L << 40)));
            fails("nowhere", () -> plan.save(folder.getRoot().toPath().resolve("nowhere/x.tocsin")));
        }
        assertThrows(NullPointerException.class, () -> Document.of(null));
    }

    @Test
    public void plansThatDoNotCompile() throws Exception {
        Path plan = folder.getRoot().toPath().resolve("plan.yaml");
        Files.write(plan, "plan: x\ntopics: {a: {terms: none.txt}}\ntiers: []\n".getBytes(StandardCharsets.UTF_8));
        TocsinException thrown = fails("plan.yaml:2:", () -> Plan.load(folder.getRoot().toPath()));
        assertEquals(2, thrown.line());
        assertTrue(thrown.column() > 0 && thrown.file().endsWith("plan.yaml") && !thrown.status().isEmpty());
        assertEquals(2, thrown.problems().get(0).line());
        assertEquals("error", thrown.problems().get(0).severity());
        assertEquals(thrown.getMessage().indexOf("plan.yaml"), thrown.getMessage().lastIndexOf("plan.yaml"));
        fails("nowhere", () -> Plan.load("nowhere"));
    }

    @Test
    public void exceptionsInASourceReader() {
        IOException cause = new IOException("the shelf is empty");
        TocsinException thrown = fails("the shelf is empty", () -> Plan.compile("plan.yaml", name -> {
            throw cause;
        }));
        assertSame(cause, thrown.getCause());
        AtomicInteger calls = new AtomicInteger();
        Error error = new StackOverflowError();
        thrown = fails("StackOverflow", () -> Plan.compile("plan.yaml", name -> {
            if (calls.incrementAndGet() > 1) throw error;
            return "plan: p\ntopics: {a: {terms: a.txt}, b: {terms: b.txt}}\ntiers: [{id: t, clauses: [{id: C, when: a | b}]}]\n"
                    .getBytes(StandardCharsets.UTF_8);
        }));
        assertSame(error, thrown.getCause());
        assertEquals(2, calls.get());
        fails("a.txt", () -> Plan.compile("plan.yaml", name -> name.equals("plan.yaml")
                ? "plan: p\ntopics: {a: {terms: a.txt}}\ntiers: [{id: t, clauses: [{id: C, when: a}]}]\n".getBytes(StandardCharsets.UTF_8) : null));
    }

    @Test
    public void documentsThatAreStopped() {
        String text = "着火四十分钟消防车才到，消防队还互相推諉";
        Document stopped = Document.of(text).stop(() -> true);
        RuntimeException mine = new IllegalStateException("mine");
        Document failing = Document.of(text).stop(() -> {
            throw mine;
        });
        AtomicInteger asked = new AtomicInteger();
        try (Plan plan = Plan.load(Posts.PLAN); Scanner scanner = plan.scanner()) {
            Verdict whole = scanner.classify(text);
            assertEquals(whole.tier(), scanner.classify(Document.of(text).stop(() -> asked.incrementAndGet() < 0)).tier());
            assertTrue(asked.get() > 0);
            Verdict limited = scanner.classify(Document.of(text).maxEvidence(1));
            assertEquals(limited.clauses().size(), limited.evidence().size());
            assertTrue(limited.evidence().size() < whole.evidence().size());
            fails("stopped", () -> scanner.classify(stopped));
            fails("stopped", () -> scanner.explain(stopped));
            fails("stopped", () -> scanner.stream(stopped).end());
            List<Verdict> batch = scanner.classifyBatch(Arrays.asList(Document.of(text), stopped, Document.of(text)));
            assertEquals("no verdict was reached: stopped by the caller", batch.get(1).error());
            assertEquals(whole.tier(), batch.get(2).tier());
            assertSame(mine, fails("mine", () -> scanner.classify(failing)).getCause());
            assertSame(mine, fails("mine", () -> scanner.explain(failing)).getCause());
            assertSame(mine, fails("mine", () -> scanner.stream(failing).end()).getCause());
            assertSame(mine, fails("mine", () -> scanner.classifyBatch(Arrays.asList(stopped, failing))).getCause());
            fails("maxEvidence is -1", () -> Document.of("").maxEvidence(-1));
            assertEquals(whole.tier(), scanner.classify(text).tier());
        }
    }

    /** The library fails as a whole: no document has a line, and none may count as one of tier none. */
    @Test
    public void aBatchThatFails() {
        Documents batch = new Documents(Arrays.asList(Document.of("x"), Document.of("y")));
        for (int status : new int[] {-1, Native.ERROR_MEMORY, Native.ERROR_BUSY, -5, -80, -99}) {
            String name = Native.c().tocsin_status_string(status);
            fails(name, () -> Scanner.verdicts(status, new byte[0], new long[2], batch, new Native.Failure()));
        }
        byte[] lines = "{\"id\":\"\",\"error\":\"why\"}\n".getBytes(StandardCharsets.UTF_8);
        List<Verdict> found = Scanner.verdicts(-5, lines, new long[] {0, lines.length}, batch, new Native.Failure());
        assertEquals(Arrays.asList(null, "why"), Arrays.asList(found.get(0), found.get(1).error()));
    }

    @Test
    public void closedThings() {
        Plan plan = Plan.load(Posts.PLAN);
        Scanner scanner = plan.scanner();
        Slot slot = new Slot(plan);
        Tracker tracker = new Tracker();
        DocumentStream stream = scanner.stream(Document.of("消防"));
        for (int i = 0; i < 2; i++) plan.close();
        fails("the Plan is closed", plan::name);
        fails("the Plan is closed", plan::scanner);
        fails("the Plan is closed", () -> new Slot(plan));
        fails("the Plan is closed", () -> slot.publish(plan));
        scanner.classify("消防车四十分钟才到"); // it keeps its plan
        int open = Handle.open();
        for (int i = 0; i < 2; i++) scanner.close();
        assertEquals("a stream keeps its scanner", open, Handle.open());
        fails("the Scanner is closed", () -> scanner.classify("x"));
        fails("the Scanner is closed", () -> scanner.classifyBatch(Collections.singletonList(Document.of("x"))));
        fails("the Scanner is closed", () -> scanner.explain(Document.of("x")));
        fails("the Scanner is closed", () -> scanner.stream(Document.of("x")));
        fails("the Scanner is closed", scanner::trim);
        stream.write("车");
        fails("the Scanner is closed", stream::end);
        for (int i = 0; i < 2; i++) stream.close();
        assertEquals(open - 2, Handle.open());
        fails("the DocumentStream is closed", () -> stream.write("x"));
        fails("the DocumentStream is closed", stream::end);
        slot.close();
        fails("the Slot is closed", slot::scanner);
        fails("the Scanner is closed", () -> tracker.add(scanner, Document.of("x")));
        tracker.close();
        fails("the Tracker is closed", tracker::incidents);
        fails("the Tracker is closed", tracker::save);
    }

    @Test
    public void aScannerThatTwoThreadsUse() throws Exception {
        String text = String.join("", Collections.nCopies(1_000_000, "消防车"));
        try (Plan plan = Plan.load(Posts.PLAN); Scanner scanner = plan.scanner()) {
            AtomicInteger graded = new AtomicInteger();
            AtomicInteger busy = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(new Thread(() -> {
                    while (busy.get() == 0 || graded.get() == 0) {
                        try {
                            scanner.classify(text);
                            graded.incrementAndGet();
                        } catch (TocsinException thrown) {
                            if (thrown.isBusy()) busy.incrementAndGet();
                        }
                    }
                }));
            }
            for (Thread thread : threads) thread.start();
            for (Thread thread : threads) thread.join();
            assertTrue(graded.get() > 0 && busy.get() > 0);
        }
    }

    @Test
    public void aVerdictIsReadBeforeTheNextCall() {
        try (Plan plan = Plan.load(Posts.PLAN); Scanner scanner = plan.scanner()) {
            scanner.handle.take(); // as a call of another thread does, which still reads its verdict
            assertTrue(fails("", () -> scanner.classify("x")).isBusy());
            scanner.handle.give();
            scanner.classify("x");
        }
    }

    @Test
    public void closingWhileAnotherThreadGrades() throws Exception {
        Plan plan = Plan.load(Posts.PLAN);
        for (int round = 0; round < 20; round++) {
            Scanner scanner = plan.scanner();
            AtomicInteger graded = new AtomicInteger();
            Throwable[] thrown = {null};
            Thread thread = new Thread(() -> {
                try {
                    for (;;) {
                        scanner.classify("消防车四十分钟才到，着火了没人管");
                        graded.incrementAndGet();
                    }
                } catch (Throwable end) {
                    thrown[0] = end;
                }
            });
            thread.start();
            while (graded.get() == 0) Thread.yield();
            scanner.close();
            thread.join();
            assertTrue("" + thrown[0], thrown[0] instanceof TocsinException && thrown[0].getMessage().contains("closed"));
        }
        plan.close();
    }

    @Test
    public void whatNobodyClosesIsFreed() throws Exception {
        try (Plan plan = Plan.load(Posts.PLAN)) {
            for (int i = 0; i < 50; i++) plan.scanner().stream(Document.of("消防"));
            int many = Handle.open();
            assertTrue(many >= 100);
            while (Handle.open() > many - 90) { // the test's time limit is what ends it otherwise
                System.gc();
                Thread.sleep(10);
                plan.scanner().close(); // makes room
            }
        }
    }
}
