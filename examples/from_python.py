"""tocsin from Python without any glue: the shared library through ctypes, which every Python has.
usage: from_python.py LIBTOCSIN.SO PLAN TEXT"""
import ctypes
import json
import sys


class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("length", ctypes.c_size_t)]


class Document(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("id", Bytes), ("title", Bytes), ("text", Bytes), ("source", Bytes),
                ("venue", ctypes.c_int), ("attention", ctypes.c_int), ("reach", ctypes.c_uint64),
                ("time", ctypes.c_int64)]


class Buffer(ctypes.Structure):
    """tocsin_buffer: made by tocsin_buffer_init, freed by tocsin_buffer_release."""
    _fields_ = [("data", ctypes.POINTER(ctypes.c_char)), ("length", ctypes.c_size_t), ("capacity", ctypes.c_size_t),
                ("allocator", ctypes.c_void_p * 4)]


def declare(library):
    """Pointers have 64 bits; without a declaration ctypes would take them for an int."""
    pointer = ctypes.c_void_p
    library.tocsin_plan_compile_file.argtypes = [ctypes.c_char_p, pointer, pointer, ctypes.POINTER(pointer), pointer]
    library.tocsin_scanner_create.argtypes = [pointer, pointer, ctypes.POINTER(pointer), pointer]
    library.tocsin_classify.argtypes = [pointer, ctypes.POINTER(Document), ctypes.POINTER(pointer), pointer]
    library.tocsin_verdict_to_json.argtypes = [pointer, ctypes.POINTER(Buffer)]
    library.tocsin_buffer_init.argtypes = [ctypes.POINTER(Buffer), pointer]
    library.tocsin_buffer_release.argtypes = [ctypes.POINTER(Buffer)]
    library.tocsin_scanner_free.argtypes = library.tocsin_plan_release.argtypes = [pointer]
    library.tocsin_status_string.restype = ctypes.c_char_p


def check(library, status):
    if status:
        raise RuntimeError(library.tocsin_status_string(status).decode())


def main():
    library = ctypes.CDLL(sys.argv[1])
    declare(library)
    plan, scanner, verdict, json_text = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p(), Buffer()
    text = sys.argv[3].encode()
    document = Document(struct_size=ctypes.sizeof(Document), text=Bytes(text, len(text)), time=-2**63)
    check(library, library.tocsin_plan_compile_file(sys.argv[2].encode(), None, None, ctypes.byref(plan), None))
    check(library, library.tocsin_scanner_create(plan, None, ctypes.byref(scanner), None))
    check(library, library.tocsin_classify(scanner, ctypes.byref(document), ctypes.byref(verdict), None))
    library.tocsin_buffer_init(ctypes.byref(json_text), None)
    check(library, library.tocsin_verdict_to_json(verdict, ctypes.byref(json_text)))
    found = json.loads(ctypes.string_at(json_text.data, json_text.length))
    print(found["tier"], [word["text"] for word in found["evidence"]])
    library.tocsin_buffer_release(ctypes.byref(json_text))
    library.tocsin_scanner_free(scanner)
    library.tocsin_plan_release(plan)


main()
