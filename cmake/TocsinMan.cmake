# Manual pages, made from the help of the programs, from the headers and from docs/PLAN_FILE.md, where there is a Python to make them.
find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND)
  if(TARGET tocsin_bench)
    set(man_bench_target tocsin_bench)
    set(man_bench ${run_tocsin_bench})
  endif()
  set(man_headers allocator builder bytes diagnostics document error examples explain export fold image learned lint plan scanner slot status stream tocsin track verdict version)
  list(TRANSFORM man_headers PREPEND ${PROJECT_SOURCE_DIR}/include/tocsin/)
  list(TRANSFORM man_headers APPEND .h)
  set(man_folder ${PROJECT_BINARY_DIR}/man)
  set(man_script ${PROJECT_SOURCE_DIR}/tools/man/make_man.py)
  add_custom_command(OUTPUT ${man_folder}/made
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${man_folder}
    COMMAND ${Python3_EXECUTABLE} -B ${man_script} ${man_folder} ${PROJECT_VERSION}
      ${PROJECT_SOURCE_DIR}/include/tocsin ${PROJECT_SOURCE_DIR}/docs/PLAN_FILE.md ${run_tocsin_cli} ${run_tocsin_kafka}
      ${man_bench}
    COMMAND ${CMAKE_COMMAND} -E touch ${man_folder}/made
    DEPENDS tocsin_cli tocsin_kafka ${man_bench_target} ${man_script} ${man_headers}
      ${PROJECT_SOURCE_DIR}/docs/PLAN_FILE.md
    COMMENT "Writing the manual pages" VERBATIM)
  add_custom_target(man ALL DEPENDS ${man_folder}/made)
  if(TOCSIN_INSTALL)
    install(DIRECTORY ${man_folder}/man1 ${man_folder}/man3 ${man_folder}/man5 DESTINATION ${CMAKE_INSTALL_MANDIR})
  endif()
endif()
