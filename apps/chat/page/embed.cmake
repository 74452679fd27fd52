# cmake -DDIST=… -DOUTPUT=… -P embed.cmake: writes the files below DIST into one C++ source.
file(GLOB_RECURSE files RELATIVE ${DIST} ${DIST}/*)
list(SORT files)
set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS files)
  file(READ ${DIST}/${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," octets "${hex}")
  if(file MATCHES "\\.html$")
    set(type "text/html;charset=UTF-8")
  elseif(file MATCHES "\\.js$")
    set(type "text/javascript;charset=UTF-8")
  elseif(file MATCHES "\\.css$")
    set(type "text/css;charset=UTF-8")
  elseif(file MATCHES "\\.svg$")
    set(type "image/svg+xml")
  else()
    message(FATAL_ERROR "${file}: no content type is known for it")
  endif()
  string(APPEND arrays "constexpr unsigned char kFile${number}[] = {${octets}};\n")
  string(APPEND entries
    "      {\"/${file}\", \"${type}\", {reinterpret_cast<const char*>(kFile${number}), sizeof kFile${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT}
  "#include <apps/chat/page/page_content.hpp>\n\nnamespace chat {\nnamespace {\n\n${arrays}\n}  // namespace\n\n"
  "std::span<const PageFile> page_content() {\n  static const PageFile kFiles[] = {\n${entries}  };\n"
  "  return kFiles;\n}\n\n}  // namespace chat\n")
