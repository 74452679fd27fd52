#pragma once

#include <ondol/web/web.hpp>

namespace chat {

// Serves the built browser client, which is compiled in (CH-50): its files by name, with ETag;
// nothing else.
ondol::web::Filter page_files();

}  // namespace chat
