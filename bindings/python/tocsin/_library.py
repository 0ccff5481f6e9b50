"""The C library, and its failures as exceptions."""

import operator
import os
import sys

from cffi import FFI

from tocsin._interface import DECLARATIONS, VERSION

ffi = FFI()
ffi.cdef(DECLARATIONS)


def _open():
    """The library of this package; TOCSIN_LIBRARY names another one."""
    path = os.environ.get("TOCSIN_LIBRARY") or os.path.join(os.path.dirname(__file__), "libtocsin.so.0")
    try:
        opened = ffi.dlopen(path)
        return opened, ffi.string(opened.tocsin_version()).decode("utf-8", "replace")
    except (OSError, AttributeError) as error:
        raise ImportError("tocsin: the library cannot be loaded: %s" % error) from None


lib, LIBRARY_VERSION = _open()
if LIBRARY_VERSION.split(".")[:2] != VERSION.split(".")[:2]:
    raise ImportError("tocsin: this package was made for version %s of the library, not for %s" % (VERSION, LIBRARY_VERSION))
if sys.byteorder != "little" or ffi.sizeof("size_t") != 8:
    raise ImportError("tocsin: only little-endian 64-bit machines are supported")


class Error(Exception):
    """A call of the library failed. ``status`` is its name, ``file``, ``line`` and ``column`` are set where they are known."""

    def __init__(self, message, status="", file="", line=0, column=0):
        super().__init__(message)
        self.status, self.file, self.line, self.column = status, file, line, column


def status_name(status):
    """The status in a few words."""
    return ffi.string(lib.tocsin_status_string(status)).decode()


def failure(status, error):
    """The exception for a status; MemoryError for memory."""
    if status == lib.TOCSIN_ERROR_MEMORY:
        return MemoryError("tocsin: out of memory")
    name = status_name(status)
    message = ffi.string(error.message).decode("utf-8", "replace") if error.status else ""
    file = ffi.string(error.file).decode("utf-8", "replace")
    place = "%s:%d:%d: " % (file, error.line, error.column) if file and error.line else file + ": " if file else ""
    return Error(place + (message or name), name, file, error.line, error.column)


def check(status, error):
    """Nothing when status is TOCSIN_OK, else its exception."""
    if status != lib.TOCSIN_OK:
        raise failure(status, error)


def c_string(value, what):
    """A str for a char pointer: what stands behind a NUL would be lost."""
    data = encode(value, what)
    if b"\0" in data:
        raise Error("%s has a NUL in it" % what)
    return data


def path_of(value):
    """The bytes of a path."""
    try:
        data = os.fsencode(value)
    except UnicodeEncodeError as error:
        raise Error("path has half a surrogate pair at character %d" % error.start) from None
    return c_string(data, "path")


def unsigned(value, bits, what):
    """A whole number that fits; of any other size an Error, which names it."""
    number = operator.index(value)
    if not 0 <= number < 2**bits:
        raise Error("%s is %d, outside 0 to %d" % (what, number, 2**bits - 1))
    return number


def encode(value, what):
    """A str as UTF-8; bytes stay. A str with half a surrogate pair is an Error."""
    if isinstance(value, str):
        try:
            return value.encode()
        except UnicodeEncodeError as error:
            raise Error("%s has half a surrogate pair at character %d" % (what, error.start)) from None
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    raise TypeError("%s is %s, not str" % (what, type(value).__name__))
