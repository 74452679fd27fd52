#include <apps/chat/page/page.hpp>

#include <map>
#include <string>

#include <apps/chat/page/page_content.hpp>
#include <ondol/base/error.hpp>
#include <ondol/security/passwords.hpp>

namespace chat {
namespace {

using ondol::Task;

struct File {
  std::string_view type;
  std::string_view content;
  std::string etag;
};

std::map<std::string, File, std::less<>> load_files() {
  std::map<std::string, File, std::less<>> files;
  for (const auto& file : page_content()) {
    const std::string etag = '"' + ondol::security::sha256_hex(file.content).substr(0, 16) + '"';
    files.emplace(file.path, File{file.type, file.content, etag});
  }
  files.insert_or_assign("/", files.at("/index.html"));
  return files;
}

}  // namespace

ondol::web::Filter page_files() {
  return [files = load_files()](ondol::web::Exchange& exchange,
                                const ondol::web::Next&) -> Task<ondol::http::Response> {
    const auto& request = exchange.request();
    const auto found = files.find(request.path);
    const bool read =
        request.method == ondol::http::Method::get || request.method == ondol::http::Method::head;
    if (found == files.end() || !read)
      throw ondol::Error{ondol::ErrorCode{4041}, "No such resource."};
    const File& file = found->second;
    ondol::http::Response response;
    response.headers.add("ETag", file.etag);
    response.headers.add("Cache-Control", "no-cache");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Content-Security-Policy",
                         "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; "
                         "frame-ancestors 'none'");
    if (request.headers.first("If-None-Match") == file.etag) {
      response.status = 304;
    } else {
      response.headers.add("Content-Type", std::string{file.type});
      response.body = file.content;
    }
    co_return response;
  };
}

}  // namespace chat
