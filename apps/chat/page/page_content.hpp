#pragma once

#include <span>
#include <string_view>

namespace chat {

struct PageFile {
  std::string_view path;  // as requested
  std::string_view type;
  std::string_view content;
};

// Generated from apps/chat/web/dist when the server is built.
std::span<const PageFile> page_content();

}  // namespace chat
