# What `cmake --install` puts where: headers, both libraries, tocsin.pc and the CMake package. Everything can be moved
# afterwards: the prefix is worked out from where the files stand.
include(CMakePackageConfigHelpers)

install(DIRECTORY include/tocsin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE README.md README.zh-CN.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")

if(TOCSIN_BUILD_TOOLS)
  install(DIRECTORY examples/fire-service examples/scenic-area examples/water-utility DESTINATION ${CMAKE_INSTALL_DATADIR}/tocsin
    PATTERN demo.py EXCLUDE)
endif()

# Two export sets: who links the shared library needs none of the development packages that the static one needs.
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tocsin)
foreach(kind IN ITEMS shared static)
  install(TARGETS tocsin_${kind} EXPORT tocsin_${kind}_targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT tocsin_${kind}_targets FILE tocsinTargets-${kind}.cmake NAMESPACE tocsin:: DESTINATION ${package_dir})
endforeach()

configure_package_config_file(cmake/tocsinConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/tocsinConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/tocsinConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tocsinConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/tocsinConfigVersion.cmake
  DESTINATION ${package_dir})

# tocsin.pc: relative to itself, unless the folders were given as absolute paths.
set(pc_prefix ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
  set(pc_prefix "\${pcfiledir}/${pc_to_prefix}")
endif()
foreach(dir IN ITEMS LIBDIR INCLUDEDIR)
  string(TOLOWER ${dir} dir_lower)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${dir}}")
    set(pc_${dir_lower} ${CMAKE_INSTALL_${dir}})
  else()
    set(pc_${dir_lower} "\${prefix}/${CMAKE_INSTALL_${dir}}")
  endif()
endforeach()
# For --static. As Requires.private pkg-config would give a program the -I of the libraries underneath, which no header names.
set(pc_libs_private ${ICU_I18N_LIBRARIES} ${ICU_UC_LIBRARIES} ${YAML_LIBRARIES} ${XXHASH_LIBRARIES} ${ZSTD_LIBRARIES})
if(TOCSIN_HYPERSCAN)
  list(PREPEND pc_libs_private hs)
endif()
list(REMOVE_DUPLICATES pc_libs_private)
list(TRANSFORM pc_libs_private PREPEND -l)
list(JOIN pc_libs_private " " pc_libs_private)
configure_file(cmake/tocsin.pc.in ${CMAKE_CURRENT_BINARY_DIR}/tocsin.pc @ONLY)
# The same for a program that is built beside a build that is not installed: pkg-config takes it first.
set(pc_prefix ${PROJECT_SOURCE_DIR})
set(pc_libdir ${PROJECT_BINARY_DIR}/lib)
set(pc_includedir ${PROJECT_SOURCE_DIR}/include)
configure_file(cmake/tocsin.pc.in ${PROJECT_BINARY_DIR}/tocsin-uninstalled.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tocsin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
