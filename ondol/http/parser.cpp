#include <ondol/http/parser.hpp>

#include <utility>

#include <llhttp.h>

#include <ondol/base/text.hpp>

namespace ondol::http {

struct Parser::State_ {
  llhttp_t parser{};
  llhttp_settings_t settings{};
  const Limits& limits;
  Request request;
  std::string field;
  std::string value;
  std::size_t head_size = 0;
  int refusal = 0;
  bool started = false;
  bool head_complete = false;
  bool head_told = false;
  bool complete = false;
  bool keep_alive = false;

  explicit State_(const Limits& l) : limits{l} {
    llhttp_settings_init(&settings);
    settings.on_url = [](llhttp_t* p, const char* at, std::size_t n) { return self(p).on_url({at, n}); };
    settings.on_header_field = [](llhttp_t* p, const char* at, std::size_t n) { return self(p).on_field({at, n}); };
    settings.on_header_value = [](llhttp_t* p, const char* at, std::size_t n) { return self(p).on_value({at, n}); };
    settings.on_header_value_complete = [](llhttp_t* p) { return self(p).on_header(); };
    settings.on_headers_complete = [](llhttp_t* p) { return self(p).on_head(); };
    settings.on_body = [](llhttp_t* p, const char* at, std::size_t n) { return self(p).on_body({at, n}); };
    settings.on_message_complete = [](llhttp_t* p) {
      self(p).complete = true;
      return static_cast<int>(HPE_PAUSED);
    };
    reset();
  }

  static State_& self(llhttp_t* p) { return *static_cast<State_*>(p->data); }

  void reset() {
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = this;
    request = {};
    field.clear();
    value.clear();
    head_size = 0;
    refusal = 0;
    started = head_complete = head_told = complete = keep_alive = false;
  }

  int refuse(int status) {
    refusal = status;
    return HPE_USER;
  }
  bool head_grows(std::size_t octets) {
    head_size += octets;
    return head_size <= limits.max_head;
  }
  int on_url(std::string_view piece) {
    request.target += piece;
    if (request.target.size() > limits.max_target) return refuse(414);
    return head_grows(piece.size()) ? 0 : refuse(431);
  }
  int on_field(std::string_view piece) {
    field += piece;
    return head_grows(piece.size()) ? 0 : refuse(431);
  }
  int on_value(std::string_view piece) {
    value += piece;
    return head_grows(piece.size()) ? 0 : refuse(431);
  }
  int on_header() {
    if (request.headers.size() >= limits.max_headers) return refuse(431);
    for (const char c : value) {
      if (c == '\0' || c == '\r' || c == '\n') return refuse(400);
    }
    request.headers.add(std::exchange(field, {}), std::string{trim(std::exchange(value, {}))});
    return 0;
  }
  int on_head();
  int on_body(std::string_view piece) {
    if (request.body.size() + piece.size() > limits.max_body) return refuse(413);
    request.body += piece;
    return 0;
  }
};

int Parser::State_::on_head() {
  auto& headers = request.headers;
  request.method_name = llhttp_method_name(static_cast<llhttp_method_t>(parser.method));
  request.method = find_method(request.method_name);
  request.version_minor = parser.http_minor;
  if (parser.http_major != 1 || parser.http_minor > 1) return refuse(505);
  if (request.method == Method::connect) return refuse(405);

  // RFC 9112 §3.2: exactly one Host in HTTP/1.1, and never two.
  const auto hosts = headers.count("Host");
  if (hosts > 1 || (hosts == 0 && request.version_minor == 1)) return refuse(400);
  // RFC 9112 §6.1, §6.3: what could be read in two ways is not read at all.
  const auto lengths = headers.count("Content-Length");
  const auto codings = headers.count("Transfer-Encoding");
  if (lengths > 1 || (lengths > 0 && codings > 0)) return refuse(400);
  if (codings > 0) {
    if (request.version_minor == 0) return refuse(400);
    if (codings > 1 || !iequals(*headers.first("Transfer-Encoding"), "chunked")) return refuse(501);
  }
  if (lengths == 1 && parser.content_length > limits.max_body) return refuse(413);
  if (const auto expect = headers.first("Expect"); expect && !iequals(*expect, "100-continue")) return refuse(417);

  std::string_view target = request.target;
  if (!target.starts_with('/') && target != "*") {
    // An absolute target (RFC 9112 §3.2.2).
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return refuse(400);
    const auto slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
  }
  const auto fragment = target.find('#');
  if (fragment != std::string_view::npos) return refuse(400);
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  head_complete = true;
  keep_alive = llhttp_should_keep_alive(&parser) != 0;
  return 0;
}

Parser::Parser(const Limits& limits) : state_{std::make_unique<State_>(limits)} {}
Parser::~Parser() = default;

Parser::State Parser::feed(std::string_view& input) {
  auto& s = *state_;
  if (s.refusal != 0) return State::refused;
  if (s.complete) return State::complete;
  while (!input.empty()) {
    if (!s.started) {
      // RFC 9112 §2.2: empty lines before a request are passed over.
      if (input.front() == '\r' || input.front() == '\n') {
        input.remove_prefix(1);
        continue;
      }
      s.started = true;
    }
    const auto error = llhttp_execute(&s.parser, input.data(), input.size());
    if (error == HPE_OK) {
      input = {};
    } else if (error == HPE_PAUSED || error == HPE_PAUSED_UPGRADE) {
      const auto used = static_cast<std::size_t>(llhttp_get_error_pos(&s.parser) - input.data());
      input.remove_prefix(used);
      if (error == HPE_PAUSED_UPGRADE) s.complete = true;
    } else {
      if (s.refusal == 0) s.refusal = error == HPE_INVALID_VERSION ? 505 : 400;
      return State::refused;
    }
    if (s.complete) return State::complete;
    break;
  }
  if (s.head_complete && !s.head_told) {
    s.head_told = true;
    return State::head_complete;
  }
  return State::need_more;
}

void Parser::next() { state_->reset(); }
Request& Parser::request() { return state_->request; }
int Parser::refusal() const { return state_->refusal; }
bool Parser::started() const { return state_->started; }
bool Parser::in_body() const { return state_->head_complete; }
bool Parser::keep_alive() const { return state_->keep_alive; }

}  // namespace ondol::http
