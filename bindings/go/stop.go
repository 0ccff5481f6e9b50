package tocsin

// #include <tocsin/tocsin.h>
// extern int tocsinAskStop(void *context);
import "C"

import (
	"runtime"
	"runtime/cgo"
	"unsafe"
)

// question is the Stop of one document, and what it panicked with.
type question struct {
	stop     func() bool
	panicked any
}

func (q *question) ask() (stop bool) {
	defer func() {
		if found := recover(); found != nil {
			q.panicked, stop = found, true
		}
	}()
	return q.stop()
}

// stops are the questions of the documents of one call. A panic may not run through the library, which would stay busy.
type stops struct {
	handles   []cgo.Handle
	questions []*question
}

// give lets the library ask stop while it reads the document.
func (s *stops) give(to *C.tocsin_document, stop func() bool, pinner *runtime.Pinner) {
	if stop == nil {
		return
	}
	q, handle := &question{stop: stop}, new(cgo.Handle)
	*handle = cgo.NewHandle(q)
	pinner.Pin(handle)
	s.handles, s.questions = append(s.handles, *handle), append(s.questions, q)
	to.stop, to.stop_context = C.tocsin_stop(C.tocsinAskStop), unsafe.Pointer(handle)
}

func (s *stops) release() {
	for _, handle := range s.handles {
		handle.Delete()
	}
}

// panicked goes on with the first panic of a question.
func (s *stops) panicked() {
	for _, q := range s.questions {
		if q.panicked != nil {
			panic(q.panicked)
		}
	}
}

//export tocsinAskStop
func tocsinAskStop(context unsafe.Pointer) C.int {
	if (*(*cgo.Handle)(context)).Value().(*question).ask() {
		return 1
	}
	return 0
}
