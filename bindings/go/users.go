package tocsin

// #include <tocsin/tocsin.h>
import "C"

import (
	"errors"
	"fmt"
	"sync"
)

// ErrClosed is returned by whatever is used after its Close.
var ErrClosed = errors.New("tocsin: it is closed")

// users counts the calls that use an object of the library. It is freed once it was closed and no call uses it any more:
// closing while another goroutine grades harms nothing.
type users struct {
	mutex sync.Mutex
	calls int
	free  func() // not nil: it is closed; what the last call runs
}

// take begins a call, which give ends.
func (u *users) take() error {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.free != nil {
		return ErrClosed
	}
	u.calls++
	return nil
}

func (u *users) give() {
	u.mutex.Lock()
	u.calls--
	last := u.calls == 0 && u.free != nil
	u.mutex.Unlock()
	if last {
		u.free()
	}
}

func (u *users) close(free func()) {
	u.mutex.Lock()
	first := u.free == nil
	if first {
		u.free = free
	}
	now := first && u.calls == 0
	u.mutex.Unlock()
	if now {
		free()
	}
}

// fits says whether the library that runs has the functions of the headers that this package was built with.
func fits() error {
	const wanted = C.TOCSIN_VERSION_MAJOR*100 + C.TOCSIN_VERSION_MINOR
	if found := uint32(C.tocsin_version_number()) / 100; found != wanted {
		return &Error{Message: fmt.Sprintf("this package was built for version %s of the library, not for %s",
			C.TOCSIN_VERSION_STRING, C.GoString(C.tocsin_version()))}
	}
	return nil
}
