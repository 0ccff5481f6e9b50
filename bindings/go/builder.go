package tocsin

// #include <stdlib.h>
// #include <tocsin/tocsin.h>
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"
)

// Builder makes a plan from calls instead of files, or a changed copy of another plan. For one goroutine at a time.
type Builder struct {
	users
	builder *C.tocsin_builder
}

// NewBuilder makes a builder with all of base; with nothing in it where base is nil.
func NewBuilder(base *Plan) (*Builder, error) {
	if err := fits(); err != nil {
		return nil, err
	}
	var plan *C.tocsin_plan
	if base != nil {
		if err := base.take(); err != nil {
			return nil, err
		}
		defer base.give()
		plan = base.plan
	}
	var e C.tocsin_error
	made := &Builder{}
	if status := C.tocsin_builder_create(plan, nil, &made.builder, &e); status != C.TOCSIN_OK {
		return nil, failure(status, &e)
	}
	runtime.SetFinalizer(made, func(b *Builder) { _ = b.Close() })
	return made, nil
}

// Close frees the builder; plans that it has made stay. A second time does nothing.
func (b *Builder) Close() error {
	b.users.close(func() { C.tocsin_builder_free(b.builder) })
	return nil
}

// call runs what needs pinned strings and a label; an empty label is none.
func (b *Builder) call(label string, run func(*runtime.Pinner, *C.char, *C.tocsin_error) C.tocsin_status) error {
	if err := b.take(); err != nil {
		return err
	}
	defer b.give()
	var pinner runtime.Pinner
	defer pinner.Unpin()
	if err := noNUL("label", label); err != nil {
		return err
	}
	var given *C.char
	if label != "" {
		given = C.CString(label)
		defer C.free(unsafe.Pointer(given))
	}
	var e C.tocsin_error
	if status := run(&pinner, given, &e); status != C.TOCSIN_OK {
		return failure(status, &e)
	}
	return nil
}

// Text is what a plan has once.
type Text int

// The texts of a plan.
const (
	PlanName    Text = C.TOCSIN_BUILDER_NAME
	PlanNameEN  Text = C.TOCSIN_BUILDER_NAME_EN
	PlanVersion Text = C.TOCSIN_BUILDER_VERSION
	PlanAbout   Text = C.TOCSIN_BUILDER_ABOUT
)

// Set sets a text; an empty one takes it away.
func (b *Builder) Set(which Text, text, label string) error {
	return b.call(label, func(p *runtime.Pinner, given *C.char, e *C.tocsin_error) C.tocsin_status {
		return C.tocsin_builder_set(b.builder, C.tocsin_builder_text(which), bytesOf(p, text), given, e)
	})
}

// Item is a part of a plan; what is left empty the part does not have.
type Item struct {
	ID, Name, NameEN, Note string
	When                   string // the expression of a clause, a route or a define
	Tier                   string // of a clause: the id of its tier
	Weights                string // of a learned score: the weights file, all of it
	Bounds                 Bounds // of a topic
	Role                   Role   // of a topic
	Attention              string // of a topic: what a hit of it raises attention to; empty: nothing
	Label                  string // stands for a file's name where problems are reported; empty: the id
}

// Role is what the terms of a topic do besides matching.
type Role int

// The roles of a topic.
const (
	NoRole       Role = C.TOCSIN_ROLE_NONE
	PlaceRole    Role = C.TOCSIN_ROLE_PLACE    // names of places: they tell incidents apart
	AnswerRole   Role = C.TOCSIN_ROLE_ANSWER   // words by which the service itself speaks
	RebuttalRole Role = C.TOCSIN_ROLE_REBUTTAL // words that say of something that it is not true
	HomeRole     Role = C.TOCSIN_ROLE_HOME     // names of the owner's places: they tell nothing apart
)

// Bounds say where a term may stand.
type Bounds int

// The bounds of a term, or of a topic for its terms.
const (
	DefaultBounds Bounds = C.TOCSIN_BOUNDS_DEFAULT
	AutoBounds    Bounds = C.TOCSIN_BOUNDS_AUTO
	WordBounds    Bounds = C.TOCSIN_BOUNDS_WORD
	NoBounds      Bounds = C.TOCSIN_BOUNDS_NONE
)

// Add adds a part behind those of its kind.
func (b *Builder) Add(part Part, i Item) error {
	attention, err := attentionOf(i.Attention)
	if err != nil {
		return err
	}
	return b.call(i.Label, func(p *runtime.Pinner, given *C.char, e *C.tocsin_error) C.tocsin_status {
		var item C.tocsin_builder_item
		C.tocsin_builder_item_init(&item, C.sizeof_tocsin_builder_item)
		item.id, item.name, item.name_en = bytesOf(p, i.ID), bytesOf(p, i.Name), bytesOf(p, i.NameEN)
		item.note, item.when, item.tier = bytesOf(p, i.Note), bytesOf(p, i.When), bytesOf(p, i.Tier)
		item.weights, item.bounds = bytesOf(p, i.Weights), C.tocsin_bounds(i.Bounds)
		item.role = C.tocsin_role(i.Role)
		item.attention, item.label = attention, given
		return C.tocsin_builder_add(b.builder, C.tocsin_part(part), &item, e)
	})
}

// Remove removes the part with this id; a topic with its terms, a tier with its clauses.
func (b *Builder) Remove(part Part, id string) error {
	return b.call("", func(p *runtime.Pinner, _ *C.char, e *C.tocsin_error) C.tocsin_status {
		return C.tocsin_builder_remove(b.builder, C.tocsin_part(part), bytesOf(p, id), e)
	})
}

// Kind is the kind of a term.
type Kind int

// The kinds of terms. A quantity has one {n}, which stands for a number.
const (
	Literal  Kind = C.TOCSIN_TERM_LITERAL
	Regex    Kind = C.TOCSIN_TERM_REGEX
	Quantity Kind = C.TOCSIN_TERM_QUANTITY
)

// Term is a term of a topic.
type Term struct {
	Topic, Text  string
	Kind         Kind
	Bounds       Bounds
	Weight, Unit *float64 // nil: 1
	Unless       []string // phrases; a hit that one of them covers does not count
	Note, Label  string
}

// AddTerm adds a term to a topic that has been added.
func (b *Builder) AddTerm(t Term) error {
	return b.call(t.Label, func(p *runtime.Pinner, given *C.char, e *C.tocsin_error) C.tocsin_status {
		var term C.tocsin_builder_term
		C.tocsin_builder_term_init(&term, C.sizeof_tocsin_builder_term)
		term.topic, term.text, term.note = bytesOf(p, t.Topic), bytesOf(p, t.Text), bytesOf(p, t.Note)
		term.kind, term.bounds, term.label = C.tocsin_term_kind(t.Kind), C.tocsin_bounds(t.Bounds), given
		if t.Weight != nil {
			term.weight = C.double(*t.Weight)
		}
		if t.Unit != nil {
			term.unit = C.double(*t.Unit)
		}
		term.unless, term.unless_count = listOf(p, t.Unless)
		return C.tocsin_builder_add_term(b.builder, &term, e)
	})
}

// RemoveTerm removes the terms of a topic that are written so.
func (b *Builder) RemoveTerm(topic, text string) error {
	return b.call("", func(p *runtime.Pinner, _ *C.char, e *C.tocsin_error) C.tocsin_status {
		return C.tocsin_builder_remove_term(b.builder, bytesOf(p, topic), bytesOf(p, text), e)
	})
}

// AddVenue adds a pattern of the venue catalogue.
func (b *Builder) AddVenue(pattern, venue, label string) error {
	class, err := venueOf(venue)
	if err != nil {
		return err
	}
	return b.call(label, func(p *runtime.Pinner, given *C.char, e *C.tocsin_error) C.tocsin_status {
		return C.tocsin_builder_add_venue(b.builder, bytesOf(p, pattern), class, given, e)
	})
}

// SetDeadline gives a tier the hours within which something is to be done about an incident of it; 0 takes them away.
func (b *Builder) SetDeadline(tier, name string, hours uint32, label string) error {
	return b.call(label, func(p *runtime.Pinner, given *C.char, e *C.tocsin_error) C.tocsin_status {
		return C.tocsin_builder_set_deadline(b.builder, bytesOf(p, tier), bytesOf(p, name), C.uint32_t(hours), given, e)
	})
}

// Example is a document and what the plan must say of it.
type Example struct {
	Document Document // without Time, MaxEvidence and Stop
	Tier     string   // the id of the tier that is expected; "none"
	Clauses  []string // exactly the clauses that hold; nil: whatever holds
	Label    string
}

// AddExample adds an example behind those that the builder has.
func (b *Builder) AddExample(x Example) error {
	venue, err := venueOf(x.Document.Venue)
	if err != nil {
		return err
	}
	attention, err := attentionOf(x.Document.Attention)
	if err != nil {
		return err
	}
	return b.call(x.Label, func(p *runtime.Pinner, given *C.char, e *C.tocsin_error) C.tocsin_status {
		var example C.tocsin_builder_example
		d := &x.Document
		C.tocsin_builder_example_init(&example, C.sizeof_tocsin_builder_example)
		example.id, example.title, example.text = bytesOf(p, d.ID), bytesOf(p, d.Title), bytesOf(p, d.Text)
		example.source, example.tier = bytesOf(p, d.Source), bytesOf(p, x.Tier)
		example.venue, example.attention = venue, attention
		example.reach, example.label = C.uint64_t(d.Reach), given
		if x.Clauses != nil {
			example.has_clauses = 1
		}
		example.clauses, example.clause_count = listOf(p, x.Clauses)
		return C.tocsin_builder_add_example(b.builder, &example, e)
	})
}

// RemoveExample removes an example by its place among those that the builder has, the other plan's first.
func (b *Builder) RemoveExample(index int) error {
	if index < 0 {
		return &Error{Message: fmt.Sprintf("index is %d, less than 0", index)}
	}
	return b.call("", func(_ *runtime.Pinner, _ *C.char, e *C.tocsin_error) C.tocsin_status {
		return C.tocsin_builder_remove_example(b.builder, C.size_t(index), e)
	})
}

// Compile makes the plan; the builder stays and can be changed further. The File of an Error is a label.
func (b *Builder) Compile() (*Plan, error) {
	made := &Plan{}
	err := b.call("", func(_ *runtime.Pinner, _ *C.char, e *C.tocsin_error) C.tocsin_status {
		return C.tocsin_builder_compile(b.builder, nil, nil, &made.plan, e)
	})
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(made, func(p *Plan) { _ = p.Close() })
	return made, nil
}
