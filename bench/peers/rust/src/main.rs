//! Multi-pattern matchers of Rust under the protocol of bench/peers: a corpus and a lexicon in, one JSON line an engine
//! out. Every document is searched alone, every overlapping occurrence is counted and its span looked at, and every
//! round must count the same. Time is the thread's CPU time, as in tocsin-bench.

use std::env;
use std::fs;
use std::process::exit;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daachorse::{CharwiseDoubleArrayAhoCorasick, DoubleArrayAhoCorasick};

/// A timed stretch is at least this long, or the clock's step shows.
const LEAST_SECONDS: f64 = 0.03;
/// Above this many terms the DFA takes gigabytes.
const DFA_TERMS: usize = 20_000;
const ENGINES: [&str; 4] = ["daachorse-charwise", "daachorse-bytewise", "aho-corasick", "aho-corasick-dfa"];

fn fail(message: &str) -> ! {
    eprintln!("tocsin-peers: {message}");
    exit(3)
}

fn cpu_seconds() -> f64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid timespec that the call fills in.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut now) };
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

/// Documents, each preceded by its length: four bytes, the lowest first. Malformed UTF-8 is replaced, for the engines
/// that read characters.
fn read_corpus(path: &str) -> Vec<String> {
    let bytes = fs::read(path).unwrap_or_else(|error| fail(&format!("{path}: {error}")));
    let mut documents = Vec::new();
    let mut rest = &bytes[..];
    while rest.len() >= 4 {
        let (head, tail) = rest.split_at(4);
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if length > tail.len() {
            fail(&format!("{path}: ends inside a document"));
        }
        documents.push(String::from_utf8_lossy(&tail[..length]).into_owned());
        rest = &tail[length..];
    }
    documents
}

fn read_terms(path: &str) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| fail(&format!("{path}: {error}")));
    let mut terms: Vec<String> = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    terms.sort();
    terms.dedup();
    terms
}

#[derive(Clone, Copy, Default, PartialEq)]
struct Count {
    hits: u64,
    spans: u64,
}

impl Count {
    fn take(&mut self, start: usize, end: usize) {
        self.hits += 1;
        self.spans = self.spans.wrapping_add((start as u64).wrapping_mul(31)).wrapping_add(end as u64);
    }
}

type Pass = Box<dyn Fn(&[String]) -> Count>;

fn make(engine: &str, terms: &[String]) -> (Pass, usize) {
    match engine {
        "daachorse-charwise" => {
            let automaton: CharwiseDoubleArrayAhoCorasick<u32> =
                CharwiseDoubleArrayAhoCorasick::new(terms).unwrap_or_else(|error| fail(&error.to_string()));
            let size = automaton.heap_bytes();
            let pass = move |documents: &[String]| {
                let mut count = Count::default();
                for text in documents {
                    automaton.find_overlapping_iter(text).for_each(|m| count.take(m.start(), m.end()));
                }
                count
            };
            (Box::new(pass), size)
        }
        "daachorse-bytewise" => {
            let automaton: DoubleArrayAhoCorasick<u32> =
                DoubleArrayAhoCorasick::new(terms).unwrap_or_else(|error| fail(&error.to_string()));
            let size = automaton.heap_bytes();
            let pass = move |documents: &[String]| {
                let mut count = Count::default();
                for text in documents {
                    automaton.find_overlapping_iter(text).for_each(|m| count.take(m.start(), m.end()));
                }
                count
            };
            (Box::new(pass), size)
        }
        _ => {
            let kind = (engine == "aho-corasick-dfa").then_some(AhoCorasickKind::DFA);
            let automaton =
                AhoCorasick::builder().kind(kind).build(terms).unwrap_or_else(|error| fail(&error.to_string()));
            let size = automaton.memory_usage();
            let pass = move |documents: &[String]| {
                let mut count = Count::default();
                for text in documents {
                    automaton.find_overlapping_iter(text).for_each(|m| count.take(m.start(), m.end()));
                }
                count
            };
            (Box::new(pass), size)
        }
    }
}

fn measure(engine: &str, documents: &[String], terms: &[String], rounds: usize) {
    let start = cpu_seconds();
    let (pass, size) = make(engine, terms);
    let compile = cpu_seconds() - start;
    let start = cpu_seconds();
    let expected = pass(documents);
    let repeats = (LEAST_SECONDS / (cpu_seconds() - start + 1e-7)) as usize + 1;
    let mut seconds = Vec::new();
    for _ in 0..rounds {
        let start = cpu_seconds();
        for _ in 0..repeats {
            if pass(documents) != expected {
                fail(&format!("{engine} does not count the same every time"));
            }
        }
        seconds.push(((cpu_seconds() - start) / repeats as f64).to_string());
    }
    let bytes: usize = documents.iter().map(String::len).sum();
    println!(
        "{{\"engine\": \"{engine}\", \"terms\": {}, \"docs\": {}, \"bytes\": {bytes}, \"hits\": {}, \"spans\": {}, \
         \"compile_s\": {compile}, \"plan_bytes\": {size}, \"seconds\": [{}]}}",
        terms.len(),
        documents.len(),
        expected.hits,
        expected.spans,
        seconds.join(", ")
    );
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if arguments.len() < 3 {
        eprintln!("usage: tocsin-peers CORPUS TERMS [ROUNDS [ENGINE…]]   # engines: {}", ENGINES.join(", "));
        exit(2);
    }
    let documents = read_corpus(&arguments[1]);
    let terms = read_terms(&arguments[2]);
    let rounds = arguments.get(3).map_or(7, |text| text.parse().unwrap_or_else(|_| fail("ROUNDS is no number")));
    let asked = arguments.get(4..).unwrap_or_default();
    for engine in ENGINES {
        let wanted = asked.is_empty() || asked.iter().any(|name| name == engine);
        if wanted && (engine != "aho-corasick-dfa" || terms.len() <= DFA_TERMS) {
            measure(engine, &documents, &terms, rounds);
        }
    }
}
