# Tests of the whole: the shape of the tree, the public headers alone, the golden cases, memory that runs out, what the
# tool says to bad input, and what is installed.
find_package(Python3 COMPONENTS Interpreter REQUIRED)

function(tocsin_check name label)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 3000)
endfunction()

foreach(check IN ITEMS layers style)
  set(script ${CMAKE_CURRENT_SOURCE_DIR}/check_${check}.py)
  tocsin_check(check_${check} unit ${Python3_EXECUTABLE} -B ${script} ${PROJECT_SOURCE_DIR})
  tocsin_check(check_${check}_self unit ${Python3_EXECUTABLE} -B ${script} --self-test)
endforeach()

tocsin_check(headers_alone unit ${CMAKE_CURRENT_SOURCE_DIR}/headers/compile_alone.sh ${PROJECT_SOURCE_DIR}/include
  ${CMAKE_C_COMPILER} ${CMAKE_CXX_COMPILER})

tocsin_test(test_golden golden golden_parse.c)
tocsin_test(test_oom oom failing_allocator.c)

# A sanitized library cannot be linked into a program that is not.
if(TOCSIN_INSTALL AND NOT TOCSIN_SANITIZE)
  tocsin_check(install_and_use integration ${CMAKE_CURRENT_SOURCE_DIR}/install/install_and_use.sh ${PROJECT_BINARY_DIR}
    ${CMAKE_COMMAND} ${CMAKE_GENERATOR} ${CMAKE_C_COMPILER} ${PROJECT_VERSION})
endif()

if(TOCSIN_BUILD_TOOLS AND TOCSIN_BUILD_STORE)
  foreach(plan IN ITEMS fire-service water-utility)
    string(REPLACE - _ name ${plan}_accuracy)
    tocsin_check(${name} golden ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/accuracy.py
      ${run_tocsin_cli} ${PROJECT_SOURCE_DIR}/examples/${plan} ${CMAKE_CURRENT_SOURCE_DIR}/${plan}/cases.ndjson)
  endforeach()
  # Posts that avoid the words of the lists; never trained on.
  tocsin_check(fire_service_hard golden ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/accuracy.py
    ${run_tocsin_cli} ${PROJECT_SOURCE_DIR}/examples/fire-service ${CMAKE_CURRENT_SOURCE_DIR}/fire-service/hard/cases.ndjson)
  tocsin_check(bad_input cli ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/bad_input.py ${run_tocsin_cli})
  tocsin_check(check_codes cli ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/check_codes.py
    --tocsin ${run_tocsin_cli})
  tocsin_check(format_spec cli ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/format_spec.py
    --tocsin ${run_tocsin_cli})
  tocsin_check(plan_queries cli ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/plan_queries_test.py
    ${run_tocsin_cli})
endif()
if(TARGET tocsin_bench)
  tocsin_check(bench_run integration ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/bench_run.py
    ${run_tocsin_bench} ${PROJECT_SOURCE_DIR}/bench/plot.py ${PROJECT_SOURCE_DIR}/bench/tables.py)
  set_tests_properties(bench_run PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endif()
