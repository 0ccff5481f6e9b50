// Package tocsin grades documents by a plan of keyword topics and rules, with the words that decided. It links the C
// library through pkg-config. Offsets are bytes of the string that was graded, as the C library and Go count them.
package tocsin

// #cgo pkg-config: tocsin
// #include <stdlib.h>
// #include <tocsin/tocsin.h>
import "C"

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unsafe"
)

// Document is what is graded. There is no author field, on purpose.
type Document struct {
	ID, Title, Text, Source string
	Venue                   string // "hot_forum", …; empty: not known
	Attention               string // "low", "elevated", "high"; empty: low
	Reach                   uint64
	Time                    time.Time // zero: not known
	MaxEvidence             uint64    // of a clause; 0: as the scanner
	// Stop is asked now and then while the document is read; if it returns true the document ends with an error. It may
	// not use the scanner. A panic in it goes on when the library has returned.
	Stop func() bool
}

// Evidence is a word that makes a clause hold.
type Evidence struct {
	Clause, Topic, Term, Field string
	Start, End                 int
	Text                       string
	Value, Contribution        *float64
}

// Verdict is what the plan says of one document. Error says why there is none, in a batch; it is empty otherwise.
type Verdict struct {
	ID, Tier        string
	Clauses, Routes []string
	Attention       string
	Evidence        []Evidence
	Venue           string
	About           *bool
	Incomplete      []string
	Malformed       uint64
	Generation      uint64
	Error           string
}

// Error is a failed call of the library.
type Error struct {
	Status, Message, File string
	Line, Column          int
}

func (e *Error) Error() string {
	if e.File != "" && e.Line > 0 {
		return fmt.Sprintf("tocsin: %s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	}
	return "tocsin: " + e.Message
}

func nameOf(status C.tocsin_status) string { return C.GoString(C.tocsin_status_string(status)) }

func failure(status C.tocsin_status, e *C.tocsin_error) error {
	failed := &Error{Status: nameOf(status), File: C.GoString(&e.file[0]),
		Message: C.GoString(&e.message[0]), Line: int(e.line), Column: int(e.column)}
	if failed.Message == "" {
		failed.Message = failed.Status
	}
	return failed
}

// noNUL refuses what C would take for a shorter string.
func noNUL(what, text string) error {
	if strings.IndexByte(text, 0) >= 0 {
		return &Error{Message: what + " has a NUL in it"}
	}
	return nil
}

// Plan is a compiled plan: immutable, for any number of goroutines.
type Plan struct {
	users
	plan *C.tocsin_plan
}

// Load opens a plan file, a folder with a plan.yaml, or an image.
func Load(path string) (*Plan, error) {
	var e C.tocsin_error
	made := &Plan{}
	if err := fits(); err != nil {
		return nil, err
	}
	if err := noNUL("path", path); err != nil {
		return nil, err
	}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	if status := C.tocsin_plan_load(name, nil, nil, &made.plan, &e); status != C.TOCSIN_OK {
		return nil, failure(status, &e)
	}
	runtime.SetFinalizer(made, func(p *Plan) { _ = p.Close() })
	return made, nil
}

// Close gives up the plan; scanners keep theirs. A second time does nothing.
func (p *Plan) Close() error {
	p.users.close(func() { C.tocsin_plan_release(p.plan) })
	return nil
}

// Name and Version are the plan's own.
func (p *Plan) Name() string { return p.text(func(i *C.tocsin_plan_info) *C.char { return i.name }) }
func (p *Plan) Version() string {
	return p.text(func(i *C.tocsin_plan_info) *C.char { return i.version })
}

func (p *Plan) text(member func(*C.tocsin_plan_info) *C.char) string {
	if p.take() != nil {
		return ""
	}
	defer p.give()
	return C.GoString(member(C.tocsin_plan_get_info(p.plan)))
}

// Content is a hash over all sources of the plan; equal plans have equal ones.
func (p *Plan) Content() uint64 {
	if p.take() != nil {
		return 0
	}
	defer p.give()
	return uint64(C.tocsin_plan_get_info(p.plan).content)
}

// Part is a kind of part of a plan.
type Part int

// The parts that have ids.
const (
	Tier    Part = C.TOCSIN_PART_TIER
	Clause  Part = C.TOCSIN_PART_CLAUSE
	Route   Part = C.TOCSIN_PART_ROUTE
	Topic   Part = C.TOCSIN_PART_TOPIC
	Learned Part = C.TOCSIN_PART_LEARNED
	Define  Part = C.TOCSIN_PART_DEFINE
)

// Find is the index of the part with this id, in the order of the plan, tiers lowest first; false where there is none.
func (p *Plan) Find(part Part, id string) (int, bool) {
	var index C.size_t
	if id == "" || p.take() != nil {
		return 0, false
	}
	defer p.give()
	data := (*C.char)(unsafe.Pointer(unsafe.StringData(id)))
	found := C.tocsin_plan_find(p.plan, C.tocsin_part(part), data, C.size_t(len(id)), &index)
	return int(index), found != 0
}

// Options of a scanner; zero means the default.
type Options struct {
	MaxEvidence, MaxHits uint32
	MaxDocumentBytes     uint64
	AllTopics            bool
}

// Scanner grades documents, for one goroutine at a time; a second one gets an Error meanwhile.
type Scanner struct {
	users
	scanner *C.tocsin_scanner
}

// NewScanner makes a scanner for the plan.
func (p *Plan) NewScanner(o Options) (*Scanner, error) {
	if err := p.take(); err != nil {
		return nil, err
	}
	defer p.give()
	var e C.tocsin_error
	var options C.tocsin_scanner_options
	C.tocsin_scanner_options_init(&options, C.sizeof_tocsin_scanner_options)
	options.max_evidence, options.max_hits = C.uint32_t(o.MaxEvidence), C.uint32_t(o.MaxHits)
	options.max_document_bytes = C.uint64_t(o.MaxDocumentBytes)
	if o.AllTopics {
		options.all_topics = 1
	}
	made := &Scanner{}
	if status := C.tocsin_scanner_create(p.plan, &options, &made.scanner, &e); status != C.TOCSIN_OK {
		return nil, failure(status, &e)
	}
	runtime.SetFinalizer(made, func(s *Scanner) { _ = s.Close() })
	return made, nil
}

// Close frees the scanner, once no other goroutine is in a call of it. A second time does nothing.
func (s *Scanner) Close() error {
	s.users.close(func() { C.tocsin_scanner_free(s.scanner) })
	return nil
}

func bytesOf(pinner *runtime.Pinner, text string) C.tocsin_bytes {
	if text == "" {
		return C.tocsin_bytes{}
	}
	data := unsafe.StringData(text)
	pinner.Pin(data)
	return C.tocsin_bytes{data: (*C.char)(unsafe.Pointer(data)), length: C.size_t(len(text))}
}

// listOf is an array of the texts, pinned as they are; nil and 0 for none.
func listOf(pinner *runtime.Pinner, texts []string) (*C.tocsin_bytes, C.size_t) {
	if len(texts) == 0 {
		return nil, 0
	}
	list := make([]C.tocsin_bytes, len(texts))
	for i, text := range texts {
		list[i] = bytesOf(pinner, text)
	}
	pinner.Pin(&list[0])
	return &list[0], C.size_t(len(list))
}

func names(count int, name func(int) string) map[string]int {
	found := map[string]int{"": 0}
	for i := 0; i < count; i++ {
		found[name(i)] = i
	}
	return found
}

var venues = names(C.TOCSIN_VENUE_COUNT, func(i int) string { return C.GoString(C.tocsin_venue_name(C.tocsin_venue(i))) })
var attentions = names(C.TOCSIN_ATTENTION_COUNT, func(i int) string {
	return C.GoString(C.tocsin_attention_name(C.tocsin_attention(i)))
})

func venueOf(name string) (C.tocsin_venue, error) {
	number, ok := venues[name]
	if !ok {
		return 0, &Error{Message: fmt.Sprintf("there is no venue %q", name)}
	}
	return C.tocsin_venue(number), nil
}

func attentionOf(name string) (C.tocsin_attention, error) {
	number, ok := attentions[name]
	if !ok {
		return 0, &Error{Message: fmt.Sprintf("there is no attention %q", name)}
	}
	return C.tocsin_attention(number), nil
}

// fill writes d to to; the strings of d are pinned, so that the library may read them where they are.
func fill(to *C.tocsin_document, d *Document, pinner *runtime.Pinner, asked *stops) error {
	venue, err := venueOf(d.Venue)
	if err != nil {
		return err
	}
	attention, err := attentionOf(d.Attention)
	if err != nil {
		return err
	}
	C.tocsin_document_init(to, C.sizeof_tocsin_document)
	to.id, to.title = bytesOf(pinner, d.ID), bytesOf(pinner, d.Title)
	to.text, to.source = bytesOf(pinner, d.Text), bytesOf(pinner, d.Source)
	to.venue, to.attention = venue, attention
	to.reach, to.max_evidence = C.uint64_t(d.Reach), C.uint64_t(d.MaxEvidence)
	if !d.Time.IsZero() {
		to.time = C.int64_t(d.Time.UnixMilli())
	}
	asked.give(to, d.Stop, pinner)
	return nil
}

// Classify grades one document.
func (s *Scanner) Classify(d Document) (*Verdict, error) {
	verdicts, status, err := s.grade([]Document{d}, false)
	if err != nil {
		return nil, err
	}
	if verdicts[0].Error != "" {
		return nil, &Error{Status: nameOf(status), Message: verdicts[0].Error}
	}
	return verdicts[0], nil
}

// ClassifyBatch grades many documents, in order. With gradedOnly those of tier none are nil. A document that fails has
// Error in its verdict, and no other is lost by it.
func (s *Scanner) ClassifyBatch(documents []Document, gradedOnly bool) ([]*Verdict, error) {
	verdicts, _, err := s.grade(documents, gradedOnly)
	return verdicts, err
}

// grade gives the verdicts, and the status of the first document that failed.
func (s *Scanner) grade(documents []Document, gradedOnly bool) ([]*Verdict, C.tocsin_status, error) {
	if err := s.take(); err != nil {
		return nil, 0, err
	}
	defer s.give()
	if len(documents) == 0 {
		return []*Verdict{}, C.TOCSIN_OK, nil
	}
	var pinner runtime.Pinner
	defer pinner.Unpin()
	var asked stops
	defer asked.release()
	array, ends := make([]C.tocsin_document, len(documents)), make([]C.size_t, len(documents))
	for i := range documents {
		if err := fill(&array[i], &documents[i], &pinner, &asked); err != nil {
			return nil, 0, fmt.Errorf("document %d: %w", i, err)
		}
	}
	var out C.tocsin_buffer
	var e C.tocsin_error
	C.tocsin_buffer_init(&out, nil)
	defer C.tocsin_buffer_release(&out)
	graded := C.int(0)
	if gradedOnly {
		graded = 1
	}
	status := C.tocsin_classify_batch_to_json(s.scanner, &array[0], C.size_t(len(array)), graded, &out, &ends[0], &e)
	asked.panicked()
	verdicts, err := verdictsOf(status, unsafe.Slice((*byte)(unsafe.Pointer(out.data)), int(out.length)), ends, &e)
	return verdicts, status, err
}

// verdictsOf reads a batch's lines, of which ends has the end of each document's. A status that comes from no document is
// the failure of the call.
func verdictsOf(status C.tocsin_status, lines []byte, ends []C.size_t, e *C.tocsin_error) ([]*Verdict, error) {
	verdicts := make([]*Verdict, len(ends))
	failed := status != C.TOCSIN_OK
	start := 0
	for i, end := range ends {
		if int(end) > start {
			verdicts[i] = &Verdict{}
			if err := json.Unmarshal(lines[start:end], verdicts[i]); err != nil {
				return nil, err
			}
			failed = failed && verdicts[i].Error == ""
		}
		start = int(end)
	}
	if failed || status == C.TOCSIN_ERROR_BUSY || status == C.TOCSIN_ERROR_MEMORY {
		return nil, failure(status, e)
	}
	return verdicts, nil
}

// Explain says why each clause holds or does not, and the nearest change, as the JSON of the library.
func (s *Scanner) Explain(d Document) (json.RawMessage, error) {
	if err := s.take(); err != nil {
		return nil, err
	}
	defer s.give()
	var pinner runtime.Pinner
	defer pinner.Unpin()
	var asked stops
	defer asked.release()
	var document C.tocsin_document
	if err := fill(&document, &d, &pinner, &asked); err != nil {
		return nil, err
	}
	var e C.tocsin_error
	var explanation *C.tocsin_explanation
	status := C.tocsin_explain(s.scanner, &document, &explanation, &e)
	asked.panicked()
	if status != C.TOCSIN_OK {
		return nil, failure(status, &e)
	}
	var out C.tocsin_buffer
	C.tocsin_buffer_init(&out, nil)
	defer C.tocsin_buffer_release(&out)
	if status := C.tocsin_explanation_to_json(explanation, &out); status != C.TOCSIN_OK {
		return nil, failure(status, &e)
	}
	return C.GoBytes(unsafe.Pointer(out.data), C.int(out.length)), nil
}

// Version is that of the library that runs.
func Version() string { return C.GoString(C.tocsin_version()) }
