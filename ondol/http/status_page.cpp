#include <ondol/http/status_page.hpp>

#include <ondol/http/status.hpp>

namespace ondol::http {

Response status_page(int status) {
  std::string title = "HTTP Status " + std::to_string(status);
  if (const auto phrase = reason_phrase(status); !phrase.empty()) {
    title += " – ";
    title += phrase;
  }
  Response response{status, {}, {}};
  response.headers.add("Content-Type", "text/html;charset=utf-8");
  response.body = "<!doctype html><html lang=\"en\"><head><title>" + title +
                  "</title></head><body><h1>" + title + "</h1></body></html>";
  return response;
}

}  // namespace ondol::http
