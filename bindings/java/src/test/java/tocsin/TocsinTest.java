package tocsin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The package against the command line tool, and the ways through it against one another. */
public class TocsinTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private static Map<String, String> sources(String words) {
        Map<String, String> made = new HashMap<>();
        made.put("plan.yaml", "plan: p\nversion: '3'\ntopics: {a: {terms: a.txt}}\n"
                + "tiers: [{id: t, name: 层, clauses: [{id: C, name: 条, when: a}]}]\n");
        made.put("a.txt", words);
        return made;
    }

    private List<String> ofTool(List<Document> documents) throws Exception {
        File feed = folder.newFile("feed.ndjson");
        File verdicts = folder.newFile("verdicts.ndjson");
        StringBuilder lines = new StringBuilder();
        for (Document document : documents) lines.append(Posts.json(document));
        Files.write(feed.toPath(), lines.toString().getBytes(StandardCharsets.UTF_8));
        Process tool = new ProcessBuilder(System.getProperty("tocsin.tool"), "classify", "-q", "--all", "-p", Posts.PLAN,
                feed.getPath()).redirectOutput(verdicts).inheritIO().redirectOutput(verdicts).start();
        assertEquals(0, tool.waitFor());
        return Files.readAllLines(verdicts.toPath(), StandardCharsets.UTF_8);
    }

    @Test
    public void verdictsAreThoseOfTheTool() throws Exception {
        List<Document> documents = Posts.make(10000);
        List<String> wanted = ofTool(documents);
        assertEquals(10000, wanted.size());
        int graded = 0;
        try (Plan plan = Plan.load(Posts.PLAN); Scanner scanner = plan.scanner()) {
            List<Verdict> verdicts = scanner.classifyBatch(documents);
            assertEquals(10000, verdicts.size());
            for (int i = 0; i < 10000; i++) {
                Document document = documents.get(i);
                Verdict verdict = verdicts.get(i);
                byte[][] fields = {Utf8.encode(document.title, ""), Utf8.encode(document.text, "")};
                assertEquals(new Verdict(Json.object(wanted.get(i)), fields), verdict);
                for (Evidence found : verdict.evidence()) {
                    String field = found.field() == Field.TITLE ? document.title : document.text;
                    assertEquals(found.text(), field.substring(found.start(), found.end()));
                }
                if (!verdict.tier().equals("none")) graded++;
            }
        }
        assertTrue(graded + " graded", graded > 500 && graded < 9500);
    }

    @Test
    public void waysToGradeAreOne() throws Exception {
        try (Plan plan = Plan.load(Posts.PLAN); Scanner scanner = plan.scanner()) {
            Document document = null;
            for (Document one : Posts.make(600)) {
                if (one.text.startsWith("🔥") && scanner.classify(one).tier().equals("major")) document = one;
            }
            Verdict wanted = scanner.classify(document);
            assertEquals("major", wanted.tier());
            assertEquals(Arrays.asList(wanted, null),
                    scanner.classifyBatch(Arrays.asList(document, Document.of("晴")), true));
            Document facts = Document.of("").id(document.id).title(document.title).reach(document.reach).venue(document.venue);
            try (DocumentStream stream = scanner.stream(facts)) {
                for (char c : document.text.toCharArray()) stream.write(String.valueOf(c)); // also inside a surrogate pair
                assertEquals(wanted, stream.end());
            }
            Map<String, Object> explained = scanner.explain(document);
            assertEquals("major", ((Map<?, ?>) explained.get("verdict")).get("tier"));
            int checked = checkSpans(explained, document);
            assertTrue(checked + " spans", checked > wanted.evidence().size());
            scanner.trim();
            assertEquals(wanted, scanner.classify(document));
        }
    }

    private static int checkSpans(Object value, Document document) {
        int checked = 0;
        if (value instanceof List) {
            for (Object one : (List<?>) value) checked += checkSpans(one, document);
        } else if (value instanceof Map) {
            Map<?, ?> map = (Map<?, ?>) value;
            if (map.containsKey("start") && map.containsKey("text")) {
                String field = map.get("field").equals("title") ? document.title : document.text;
                assertEquals(map.get("text"), field.substring(((Long) map.get("start")).intValue(), ((Long) map.get("end")).intValue()));
                checked++;
            }
            for (Object one : map.values()) checked += checkSpans(one, document);
        }
        return checked;
    }

    @Test
    public void aBatchIsCutInPartsAndEmptyOnesAreFine() {
        try (Plan plan = Plan.compile(sources("火灾")); Scanner scanner = plan.scanner()) {
            List<Document> documents = new ArrayList<>();
            for (int i = 0; i < 9000; i++) documents.add(Document.of(i % 2 == 0 ? "火災" : "").id("" + i));
            List<Verdict> verdicts = scanner.classifyBatch(documents);
            for (int i = 0; i < 9000; i++) {
                assertEquals("" + i, verdicts.get(i).id());
                assertEquals(i % 2 == 0 ? "t" : "none", verdicts.get(i).tier());
            }
            assertEquals(Collections.emptyList(), scanner.classifyBatch(Collections.<Document>emptyList()));
        }
    }

    @Test
    public void plansFromStringsFilesAndASlot() throws Exception {
        Path image = folder.getRoot().toPath().resolve("计划.tocsin");
        try (Plan one = Plan.compile(sources("火灾")); Plan other = Plan.compile(sources("水灾")); Slot slot = new Slot(one);
                Scanner scanner = slot.scanner()) {
            assertEquals("p 3", one.name() + " " + one.version());
            PlanItem clause = one.items(Part.CLAUSE).get(0);
            assertEquals("C 条 a", clause + " " + clause.when());
            for (Part part : Part.values()) {
                int wanted = part == Part.CLAUSE || part == Part.TIER || part == Part.TOPIC ? 1 : 0;
                assertEquals(part.name(), wanted, one.items(part).size());
            }
            assertNotEquals(one.content(), other.content());
            one.save(image);
            try (Plan loaded = Plan.load(image)) {
                assertEquals(one.content(), loaded.content());
            }
            assertEquals("t", scanner.classify("火災").tier());
            assertEquals(2, slot.publish(other));
            assertEquals("none", scanner.classify("火災").tier());
            Verdict verdict = scanner.classify("水災");
            assertEquals("t", verdict.tier());
            assertEquals(2, verdict.generation());
        }
        assertEquals("ab1株式会社fi火灾", Tocsin.fold("ＡＢ①㍿ﬁ火災"));
        assertEquals("", Tocsin.fold(""));
    }

    @Test
    public void optionsOfAScanner() {
        try (Plan plan = Plan.compile(sources("火灾"))) {
            String text = String.join("。", Collections.nCopies(5, "火灾"));
            try (Scanner scanner = plan.scanner(new ScannerOptions().maxEvidence(2).maxHits(100).allTopics(true))) {
                Verdict verdict = scanner.classify(text);
                assertEquals(2, verdict.evidence().size());
                assertEquals(Collections.singletonList("evidence"), verdict.incomplete());
            }
            try (Scanner scanner = plan.scanner(new ScannerOptions().maxDocumentBytes(3))) {
                assertEquals(Collections.singletonList("text"), scanner.classify("晴天").incomplete());
            }
        }
    }

    @Test
    public void incidents() {
        Instant time = Instant.parse("2026-05-01T08:00:00Z");
        String text = "城东老旧小区着火四十分钟消防车才到，消防队还互相推诿，居民都在楼下等";
        byte[] snapshot;
        try (Plan plan = Plan.load(Posts.PLAN); Scanner scanner = plan.scanner(); Tracker tracker = new Tracker()) {
            Tracked first = tracker.add(scanner, Document.of(text).id("a").time(time).venue(Venue.HOT_FORUM));
            assertTrue(first.isNew() && first.incident() == 1 && first.verdict().tier().equals("major"));
            Document repost = Document.of(text).id("b").time(time.plusSeconds(60)).reach(500000).venue(Venue.FORUM);
            Tracked second = tracker.add(scanner, repost);
            assertFalse(second.isNew());
            assertEquals(1, second.incident());
            assertSame(JoinedBy.WORDS, second.joinedBy());
            assertTrue(second.score() > 0.9 && second.raised());
            assertEquals(second.attention(), second.verdict().attention());
            Tracked third = tracker.add(scanner, Document.of(text).id("c").time(time.plusSeconds(70)).venue(Venue.FORUM));
            assertEquals(second.attention(), third.verdict().attention()); // graded again with that of the incident
            assertEquals(0, tracker.add(scanner, Document.of("晴").time(time)).incident());
            Incident incident = tracker.incident(1);
            assertEquals("major a", incident.tier() + " " + incident.document());
            assertEquals(3, incident.posts());
            assertEquals(2, incident.posts(Venue.FORUM));
            assertEquals(500000, incident.reach());
            assertEquals(time, incident.firstTime());
            assertEquals(time.plusSeconds(70), incident.lastTime());
            assertTrue(incident.clauses().containsAll(first.verdict().clauses()) && text.startsWith(incident.sample().substring(0, 9)));
            assertFalse(incident.isOver());
            assertNull(tracker.incident(2));
            snapshot = tracker.save();
        }
        try (Tracker again = Tracker.restore(snapshot)) {
            assertEquals(1, again.incidents().size());
            assertEquals(3, again.incidents().get(0).posts());
        }
        snapshot[snapshot.length / 2] ^= 1;
        assertThrows(TocsinException.class, () -> Tracker.restore(snapshot));
    }

    @Test
    public void namesAreThoseOfTheLibrary() {
        for (Venue venue : Venue.values()) assertEquals(Native.c().tocsin_venue_name(venue.ordinal()), venue.id());
        for (Attention one : Attention.values()) assertEquals(Native.c().tocsin_attention_name(one.ordinal()), one.id());
        assertEquals(Native.VERSION, Tocsin.version());
    }

    @Test
    public void jsonIsRead() {
        Map<String, Object> found = Json.object("{\"a\":[1,-2.5,true,false,null,\"\\\"\\\\\\n\\u00e9\\ud83d\\udd25🔥\"],\"b\":{},\"c\":[]}");
        assertEquals(Arrays.asList(1L, -2.5, true, false, null, "\"\\\né🔥🔥"), found.get("a"));
        assertNotNull(found.get("b"));
        for (String wrong : new String[] {"", "{", "[]", "{\"a\":}", "{\"a\":1}x", "{\"a\":\"\\u12", "{\"a\":1e}"}) {
            assertThrows(wrong, TocsinException.class, () -> Json.object(wrong));
        }
    }
}
