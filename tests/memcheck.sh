#!/bin/sh
# valgrind's memcheck over the quick tests, which sees what no sanitizer does: values that were never written. Minutes.
# usage: tests/memcheck.sh BUILD_FOLDER     Wants valgrind
set -eu
cd "$1/tests"
failed=0
for test in test_golden test_fold_spans test_lexicon test_lexicon_problems test_plan_files test_plan_locate test_venues test_lint \
    test_occurrences test_classify test_batch test_sketch test_examples test_image test_slot; do
    if CK_FORK=no valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite "./$test" >"$test.memcheck" 2>&1; then
        echo "$test: $(sed -n 's/^\(100%: .*\)/\1/p' "$test.memcheck")"
    else
        failed=1
        grep -a '==\|%' "$test.memcheck" | head -n 20 >&2
        echo "$test FAILED" >&2
    fi
done
exit "$failed"
