# Files that are built into a program: tocsin_embed(OUT FILE…) writes a source with the table of serve_assets.h. It is written
# anew when one of them changes.
function(tocsin_embed out)
  set(arrays "")
  set(rows "")
  set(index 0)
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    cmake_path(GET file FILENAME name)
    cmake_path(GET file EXTENSION LAST_ONLY extension)
    set(type_.css "text/css; charset=utf-8")
    set(type_.js "text/javascript; charset=utf-8")
    set(type_.svg "image/svg+xml")
    string(APPEND arrays "static const unsigned char file_${index}[] = {${bytes}};\n")
    string(APPEND rows "    {\"/${name}\", \"${type_${extension}}\", file_${index}, sizeof file_${index}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${out} CONTENT "/* Made by cmake/TocsinEmbed.cmake: do not edit. */
#include \"serve/serve_assets.h\"

${arrays}
const serve_asset serve_assets[] = {
${rows}};
const size_t serve_asset_count = ${index};
" @ONLY)
endfunction()
