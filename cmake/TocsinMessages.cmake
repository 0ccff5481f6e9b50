# What the tools say in other languages, beside the programs: ../share/locale from where they stand.
find_program(MSGFMT msgfmt)
if(NOT MSGFMT)
  message(STATUS "msgfmt was not found: the tools speak English only; on Debian: apt-get install gettext")
  return()
endif()
foreach(language IN ITEMS zh_CN)
  set(translation ${PROJECT_SOURCE_DIR}/tools/po/${language}.po)
  set(made ${PROJECT_BINARY_DIR}/share/locale/${language}/LC_MESSAGES/tocsin.mo)
  get_filename_component(folder ${made} DIRECTORY)
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${MSGFMT} --check-format -o ${made} ${translation}
    DEPENDS ${translation} COMMENT "Messages in ${language}" VERBATIM)
  list(APPEND messages ${made})
  if(TOCSIN_INSTALL)
    install(FILES ${made} DESTINATION ${CMAKE_INSTALL_LOCALEDIR}/${language}/LC_MESSAGES)
  endif()
endforeach()
add_custom_target(messages ALL DEPENDS ${messages})
