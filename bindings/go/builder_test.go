package tocsin

import (
	"errors"
	"strings"
	"testing"
)

func tier(t *testing.T, plan *Plan, text string) string {
	t.Helper()
	s := scanner(t, plan)
	defer s.Close()
	verdict, err := s.Classify(Document{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Tier
}

func TestPlansByCalls(t *testing.T) {
	b, err := NewBuilder(nil)
	half := 0.5
	for _, failed := range []error{err,
		b.Set(PlanName, "计划", ""),
		b.Add(Topic, Item{ID: "火", Name: "火情"}),
		b.Add(Topic, Item{ID: "伤", Role: PlaceRole, Attention: "high"}),
		b.Add(Tier, Item{ID: "low"}),
		b.Add(Clause, Item{ID: "C1", Tier: "low", When: "火 & value(伤) >= 2", Label: "行 3"}),
		b.AddTerm(Term{Topic: "火", Text: "火灾", Unless: []string{"没有火灾", "火灾演练"}, Weight: &half}),
		b.AddTerm(Term{Topic: "伤", Text: "{n}人死亡", Kind: Quantity}),
		b.AddVenue("bbs.example.cn", "forum", ""),
	} {
		if failed != nil {
			t.Fatal(failed)
		}
	}
	plan, err := b.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if tier(t, plan, "火災，三人死亡") != "low" || tier(t, plan, "火灾演练，三人死亡") != "none" {
		t.Error("the plan says something else")
	}
	var failed *Error
	if err := b.Add(Clause, Item{ID: "C2", Tier: "low", When: "火 & 水", Label: "行 4"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Compile(); !errors.As(err, &failed) || failed.File != "行 4" || failed.Column != 5 {
		t.Error(err)
	}
	for _, wrong := range []error{
		b.Remove(Clause, "C9"), b.RemoveTerm("火", "洪水"), b.AddTerm(Term{Topic: "水", Text: "洪水"}),
		b.Add(Clause, Item{ID: "C3", Tier: "high"}), b.AddVenue("x.cn", "bar", ""), b.Add(Topic, Item{ID: "x", Attention: "much"}),
	} {
		if !errors.As(wrong, &failed) {
			t.Error(wrong)
		}
	}
	if b.Remove(Clause, "C2") != nil || b.Close() != nil || b.Close() != nil || !errors.Is(b.Set(PlanName, "x", ""), ErrClosed) {
		t.Error("closing")
	}
}

func TestAnOverlayOfAPlan(t *testing.T) {
	base := load(t)
	b, err := NewBuilder(base)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, failed := range []error{b.Set(PlanAbout, "", ""), b.Add(Topic, Item{ID: "own"}),
		b.AddTerm(Term{Topic: "own", Text: "我们公司"}), b.Add(Clause, Item{ID: "OWN", Tier: "general", When: "own"})} {
		if failed != nil {
			t.Fatal(failed)
		}
	}
	plan, err := b.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if tier(t, base, "我们公司") != "none" || tier(t, plan, "我们公司") != "general" || plan.Content() == base.Content() {
		t.Error("the overlay says something else")
	}
}

func TestDeadlinesAndExamplesByCalls(t *testing.T) {
	plan := load(t)
	defer plan.Close()
	builder, err := NewBuilder(plan)
	if err != nil {
		t.Fatal(err)
	}
	defer builder.Close()
	if err := builder.SetDeadline("没有", "回复", 24, ""); err == nil {
		t.Error("a deadline of no tier")
	}
	if err := builder.AddExample(Example{Document: Document{Text: "今天天气真好"}, Tier: "none", Clauses: []string{}}); err != nil {
		t.Fatal(err)
	}
	if made, err := builder.Compile(); err != nil {
		t.Fatal(err)
	} else {
		made.Close()
	}
	if err := builder.AddExample(Example{Document: Document{Text: "今天天气真好"}, Tier: "没有", Label: "例 1"}); err != nil {
		t.Fatal(err)
	}
	var failed *Error
	if _, err := builder.Compile(); !errors.As(err, &failed) || failed.File != "例 1" {
		t.Error(err)
	}
	if err := builder.RemoveExample(-1); err == nil {
		t.Error("an example before the first was removed")
	}
	if err := builder.SetDeadline("none", "x", 1, "a\x00b"); err == nil || !strings.Contains(err.Error(), "NUL") {
		t.Error(err)
	}
	if _, err := Load("a\x00b"); err == nil || !strings.Contains(err.Error(), "NUL") {
		t.Error(err)
	}
	if err := builder.RemoveExample(1 << 30); err == nil {
		t.Error("an example that is not there was removed")
	}
}
