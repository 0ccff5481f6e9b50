package tocsin

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var root, tool = os.Getenv("TOCSIN_ROOT"), os.Getenv("TOCSIN_TOOL")

func load(t *testing.T) *Plan {
	t.Helper()
	plan, err := Load(filepath.Join(root, "examples/fire-service"))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func scanner(t *testing.T, plan *Plan) *Scanner {
	t.Helper()
	made, err := plan.NewScanner(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func posts(t *testing.T, count int) []Document {
	t.Helper()
	var parts []string
	paths, _ := filepath.Glob(filepath.Join(root, "tests/fire-service/*.ndjson"))
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var post struct{ Text string }
			if json.Unmarshal(lines.Bytes(), &post) == nil {
				for _, part := range strings.Split(post.Text, "。") {
					if part != "" {
						parts = append(parts, part)
					}
				}
			}
		}
		file.Close()
	}
	if len(parts) < 500 {
		t.Fatalf("%d sentences", len(parts))
	}
	chance := rand.New(rand.NewSource(7))
	venues := []string{"", "mainstream_site", "site", "hot_forum", "forum", "celebrity_account", "account", "own"}
	made := make([]Document, count)
	for i := range made {
		text := parts[chance.Intn(len(parts))]
		for n := chance.Intn(4); n > 0; n-- {
			text += "。" + parts[chance.Intn(len(parts))]
		}
		made[i] = Document{ID: fmt.Sprint(i), Text: text, Venue: venues[chance.Intn(len(venues))],
			Reach: []uint64{0, 0, 500, 20000, 300000}[chance.Intn(5)]}
	}
	return made
}

func TestVerdictsAreThoseOfTheTool(t *testing.T) {
	documents := posts(t, 10000)
	verdicts, err := scanner(t, load(t)).ClassifyBatch(documents, false)
	if err != nil {
		t.Fatal(err)
	}
	var feed bytes.Buffer
	for _, d := range documents {
		line := map[string]any{"id": d.ID, "text": d.Text, "reach": d.Reach}
		if d.Venue != "" {
			line["venue"] = d.Venue
		}
		one, _ := json.Marshal(line)
		feed.Write(append(one, '\n'))
	}
	command := exec.Command(tool, "classify", "-q", "--all", "-p", filepath.Join(root, "examples/fire-service"), "-")
	command.Stdin = &feed
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	graded := 0
	for i, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var wanted Verdict
		if err := json.Unmarshal(line, &wanted); err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(wanted)
		b, _ := json.Marshal(verdicts[i])
		if !bytes.Equal(a, b) {
			t.Fatalf("document %d:\n%s\n%s", i, a, b)
		}
		for _, e := range verdicts[i].Evidence {
			if documents[i].Text[e.Start:e.End] != e.Text {
				t.Fatalf("document %d: %+v", i, e)
			}
		}
		if verdicts[i].Tier != "none" {
			graded++
		}
	}
	if graded < 500 || graded > 9500 {
		t.Fatalf("%d graded", graded)
	}
}

func TestGoroutinesShareAPlan(t *testing.T) {
	documents, plan := posts(t, 500), load(t)
	wanted, err := scanner(t, plan).ClassifyBatch(documents, true)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for g := 0; g < 4; g++ {
		group.Add(1)
		go func(s *Scanner) {
			defer group.Done()
			defer s.Close()
			for i, d := range documents {
				verdict, err := s.Classify(d)
				if err != nil || (wanted[i] == nil) != (verdict.Tier == "none") {
					t.Errorf("document %d: %v %v", i, verdict, err)
				}
			}
		}(scanner(t, plan))
	}
	if err := plan.Close(); err != nil { // scanners keep theirs
		t.Fatal(err)
	}
	group.Wait()
}

func TestMistakesAreErrors(t *testing.T) {
	plan := load(t)
	s := scanner(t, plan)
	var failed *Error
	if _, err := s.Classify(Document{Text: "x", Venue: "bar"}); !errors.As(err, &failed) || !strings.Contains(err.Error(), `no venue "bar"`) {
		t.Error(err)
	}
	if _, err := s.Classify(Document{Text: "x", Attention: "much"}); !errors.As(err, &failed) {
		t.Error(err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "nowhere")); !errors.As(err, &failed) || failed.Status == "" {
		t.Error(err)
	}
	if _, err := s.Classify(Document{Text: "\xff\xfe消防"}); err != nil {
		t.Error(err)
	}
	explained, err := s.Explain(Document{Text: "消防车四十分钟才到"})
	major, found := plan.Find(Tier, "major")
	if _, wrong := plan.Find(Tier, "no such tier"); !found || wrong || major == 0 {
		t.Error("tiers are not found by their ids")
	}
	if err != nil || !json.Valid(explained) || plan.Name() == "" || plan.Version() == "" || plan.Content() == 0 {
		t.Error(err, string(explained))
	}
	for i := 0; i < 2; i++ {
		if s.Close() != nil || plan.Close() != nil {
			t.Error("closing")
		}
	}
	if _, err := s.Classify(Document{Text: "x"}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if _, err := plan.NewScanner(Options{}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestADocumentHasOptionsOfItsOwn(t *testing.T) {
	plan := load(t)
	defer plan.Close()
	grader := scanner(t, plan)
	defer grader.Close()
	text := strings.Repeat("着火四十分钟消防车才到，消防队还互相推諉", 20)
	whole, err := grader.Classify(Document{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	limited, err := grader.Classify(Document{Text: text, MaxEvidence: 1})
	if err != nil || len(limited.Evidence) != len(limited.Clauses) || len(limited.Evidence) >= len(whole.Evidence) {
		t.Fatal(err, len(limited.Evidence), len(whole.Evidence))
	}
	asked := 0
	verdicts, err := grader.ClassifyBatch([]Document{{Text: text, Stop: func() bool { asked++; return false }},
		{Text: text, Stop: func() bool { return true }}, {Text: text}}, false)
	if err != nil || asked == 0 || len(verdicts[0].Evidence) != len(whole.Evidence) || verdicts[1].Error == "" ||
		verdicts[2].Error != "" {
		t.Fatal(err, asked, verdicts[1], verdicts[2])
	}
	if _, err := grader.Explain(Document{Text: text, Stop: func() bool { return true }}); err == nil {
		t.Fatal("explained all the same")
	}
	for _, grade := range []func(Document){func(d Document) { grader.Classify(d) }, func(d Document) { grader.Explain(d) }} {
		func() {
			defer func() {
				if found := recover(); found != "mine" {
					t.Errorf("panicked with %v", found)
				}
			}()
			grade(Document{Text: text, Stop: func() bool { panic("mine") }})
		}()
	}
	var busy error
	grader.Classify(Document{Text: text, Stop: func() bool { _, busy = grader.Classify(Document{Text: "x"}); return true }})
	if busy == nil {
		t.Error("the scanner was used while it asked")
	}
	if again, err := grader.Classify(Document{Text: text}); err != nil || len(again.Evidence) != len(whole.Evidence) {
		t.Fatal(err)
	}
}

func TestTheReadmePrintsWhatItShows(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`Document\{Text: "(.*)", Venue: "(.*)"\}[^/]*// (.*)`).FindStringSubmatch(string(text))
	if shown == nil {
		t.Fatal("no verdict is shown")
	}
	plan := load(t)
	defer plan.Close()
	grader := scanner(t, plan)
	defer grader.Close()
	verdict, err := grader.Classify(Document{Text: shown[1], Venue: shown[2]})
	if err != nil || len(verdict.Evidence) == 0 {
		t.Fatal(err, verdict)
	}
	if found := fmt.Sprint(verdict.Tier, " ", verdict.Clauses, " ", verdict.Evidence[0].Text); found != shown[3] {
		t.Errorf("it prints %q, not %q", found, shown[3])
	}
}
