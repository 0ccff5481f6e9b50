# How the build and the tests run a program that was built: as it is, or in a cross build by a script that starts the
# emulator. tocsin_run(VARIABLE TARGET) sets VARIABLE to what to call.
function(tocsin_run variable target)
  if(NOT CMAKE_CROSSCOMPILING)
    set(${variable} $<TARGET_FILE:${target}> PARENT_SCOPE)
    return()
  endif()
  list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " emulator)
  get_target_property(name ${target} OUTPUT_NAME)
  set(script ${PROJECT_BINARY_DIR}/run/${name})
  file(GENERATE OUTPUT ${script} CONTENT "#!/bin/sh\nexec ${emulator} $<TARGET_FILE:${target}> \"$@\"\n"
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(${variable} ${script} PARENT_SCOPE)
endfunction()

foreach(target IN ITEMS tocsin_cli tocsin_kafka tocsin_bench)
  if(TARGET ${target})
    tocsin_run(run_${target} ${target})
  endif()
endforeach()
