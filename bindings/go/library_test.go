package tocsin

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// instead runs the test of this name in a process of its own, in which the library has these functions instead of its own.
func instead(t *testing.T, name, functions string) string {
	t.Helper()
	folder := t.TempDir()
	source, library := filepath.Join(folder, "instead.c"), filepath.Join(folder, "instead.so")
	if err := os.WriteFile(source, []byte(functions), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("cc", "-shared", "-fPIC", "-o", library, source).CombinedOutput(); err != nil {
		t.Fatal(err, string(said))
	}
	command := exec.Command(os.Args[0], "-test.count=1", "-test.v", "-test.run=^"+name+"$")
	command.Env = append(os.Environ(), "LD_PRELOAD="+library, "TOCSIN_INSTEAD=1")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatal(err, string(said))
	}
	return string(said)
}

func onlyInstead(t *testing.T) {
	t.Helper()
	if os.Getenv("TOCSIN_INSTEAD") == "" {
		t.Skip("runs in a process that another test starts")
	}
}

func TestInsteadAnotherVersion(t *testing.T) {
	onlyInstead(t)
	_, loaded := Load(filepath.Join(root, "examples/fire-service"))
	_, made := NewBuilder(nil)
	fmt.Println("said:", loaded)
	fmt.Println("said:", made)
}

func TestAnotherVersionOfTheLibrary(t *testing.T) {
	for _, version := range []string{"0.1.9", "0.3.0", "1.2.0", "9.1.0"} {
		var major, minor, patch int
		fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch)
		said := instead(t, "TestInsteadAnotherVersion", fmt.Sprintf(
			"const char *tocsin_version(void) { return \"%s\"; }\nunsigned tocsin_version_number(void) { return %d; }\n",
			version, major*10000+minor*100+patch))
		wanted := "said: tocsin: this package was built for version " + Version() + " of the library, not for " + version + "\n"
		if strings.Count(said, wanted) != 2 {
			t.Errorf("%s\nand not: %s", said, wanted)
		}
	}
}

func TestInsteadABatchThatFails(t *testing.T) {
	onlyInstead(t)
	grader := scanner(t, load(t))
	verdict, one := grader.Classify(Document{Text: "x"})
	verdicts, batch := grader.ClassifyBatch(make([]Document, 3), true)
	fmt.Println("said:", verdict, one)
	fmt.Println("said:", verdicts, batch)
}

// The library fails as a whole: no document has a line, and none may count as one of tier none.
func TestABatchThatFails(t *testing.T) {
	for status, name := range map[int]string{-1: "invalid argument", -2: "out of memory", -4: "in use", -80: "matching engine", -99: "unknown"} {
		said := instead(t, "TestInsteadABatchThatFails", fmt.Sprintf(
			"int tocsin_classify_batch_to_json(void) { return %d; }\n", status))
		if strings.Count(said, "said: <nil> tocsin: ") != 1 || strings.Count(said, "said: [] tocsin: ") != 1 ||
			strings.Count(said, name) < 2 {
			t.Errorf("status %d (%s): %s", status, name, said)
		}
	}
}

func TestAFailedDocumentHasItsStatus(t *testing.T) {
	grader := scanner(t, load(t))
	var failed *Error
	if _, err := grader.Classify(Document{Text: "x", Stop: func() bool { return true }}); !errors.As(err, &failed) ||
		failed.Status != "stopped by the caller" {
		t.Error(err, failed)
	}
}

func TestClosingWhileAnotherGoroutineGrades(t *testing.T) {
	plan := load(t)
	for round := 0; round < 20; round++ {
		grader, began, ended := scanner(t, plan), make(chan bool, 1), make(chan error)
		go func() {
			for {
				_, err := grader.Classify(Document{Text: strings.Repeat("消防车四十分钟才到", 500)})
				if err != nil {
					ended <- err
					return
				}
				select {
				case began <- true:
				default:
				}
			}
		}()
		<-began
		grader.Close()
		if err := <-ended; !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	}
	// In a question of its own document: it is freed behind the call.
	grader := scanner(t, plan)
	if _, err := grader.Classify(Document{Text: "消防车", Stop: func() bool { grader.Close(); return false }}); err != nil {
		t.Error(err)
	}
	if _, err := grader.Classify(Document{Text: "消防车"}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}
