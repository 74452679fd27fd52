#include <ondol/http/detail/parser.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

#include <llhttp.h>

#include <ondol/base/text.hpp>
#include <ondol/http/detail/head_rules.hpp>

namespace ondol::http {
namespace {

// No registered method is longer; a longer token is answered with 501 (RFC 9112 §3).
constexpr std::size_t kMaxMethod = 32;

// What the framing of a chunked body may take per octet of content, beside what a head may take:
// chunks of one octet need six. More is padding that only keeps the server busy.
constexpr std::size_t kMaxFramingPerOctet = 16;

}  // namespace

struct Parser::Machine {
  explicit Machine(const Limits& of_server);
  void reset();

  State feed(std::string_view& input);
  bool read_method(std::string_view& input);
  std::size_t up_to_bad_request_line(std::string_view octets);
  std::size_t up_to_bad_line(std::string_view octets);
  void execute(std::string_view& input);
  void failed(llhttp_errno_t error);

  int refuse(int status) {
    refusal = status;
    return HPE_USER;
  }
  int on_url(std::string_view piece);
  int on_header();
  int on_head();
  int on_body(std::string_view piece);

  // Trailers are read and dropped: nobody asked for them, and merged into the head they would be a
  // way around its checks (RFC 9112 §7.1.2).
  int on_field(std::string_view piece) {
    if (!head_complete) field += piece;
    return HPE_OK;
  }
  int on_value(std::string_view piece) {
    if (!head_complete) value += piece;
    return HPE_OK;
  }

  static Machine& self(llhttp_t* p) { return *static_cast<Machine*>(p->data); }

  llhttp_t parser{};
  llhttp_settings_t settings{};
  const Limits& limits;
  Request request;
  std::string field;
  std::string value;
  std::size_t head_size = 0;
  std::size_t body_octets = 0;  // as received, framing and all
  int refusal = 0;
  bool started = false;
  bool method_known = false;
  bool target_begun = false;
  bool target_ended = false;
  bool request_line_ended = false;
  std::size_t version_read = 0;  // octets of the version and the end of its line
  bool at_line_begin = false;
  bool fields_ended = false;
  bool head_complete = false;
  bool head_told = false;
  bool complete = false;
  bool keep_alive = false;
};

Parser::Machine::Machine(const Limits& of_server) : limits{of_server} {
  llhttp_settings_init(&settings);
  settings.on_url = [](llhttp_t* p, const char* at, std::size_t n) {
    return self(p).on_url({at, n});
  };
  settings.on_header_field = [](llhttp_t* p, const char* at, std::size_t n) {
    return self(p).on_field({at, n});
  };
  settings.on_header_value = [](llhttp_t* p, const char* at, std::size_t n) {
    return self(p).on_value({at, n});
  };
  settings.on_header_value_complete = [](llhttp_t* p) { return self(p).on_header(); };
  settings.on_headers_complete = [](llhttp_t* p) { return self(p).on_head(); };
  settings.on_chunk_header = [](llhttp_t* p) {
    auto& machine = self(p);
    const auto left = machine.limits.max_body - machine.request.body.size();
    return p->content_length > left ? machine.refuse(413) : static_cast<int>(HPE_OK);
  };
  settings.on_body = [](llhttp_t* p, const char* at, std::size_t n) {
    return self(p).on_body({at, n});
  };
  settings.on_message_complete = [](llhttp_t* p) {
    self(p).complete = true;
    return static_cast<int>(HPE_PAUSED);
  };
  reset();
}

void Parser::Machine::reset() {
  llhttp_init(&parser, HTTP_REQUEST, &settings);
  parser.data = this;
  request = {};
  request.method_name.clear();
  field.clear();
  value.clear();
  head_size = 0;
  body_octets = 0;
  refusal = 0;
  target_begun = target_ended = request_line_ended = at_line_begin = fields_ended = false;
  version_read = 0;
  started = method_known = head_complete = head_told = complete = keep_alive = false;
}

int Parser::Machine::on_url(std::string_view piece) {
  request.target += piece;
  return request.target.size() > limits.max_target ? refuse(414) : HPE_OK;
}

int Parser::Machine::on_header() {
  if (head_complete) return HPE_OK;
  if (request.headers.size() >= limits.max_headers) return refuse(431);
  // RFC 9110 §5.5.
  constexpr std::string_view kNever{"\0\r\n", 3};
  if (value.find_first_of(kNever) != std::string::npos) return refuse(400);
  request.headers.add(std::exchange(field, {}), std::string{trim(value)});
  value.clear();
  return HPE_OK;
}

int Parser::Machine::on_head() {
  request.version_minor = parser.http_minor;
  if (parser.http_major != 1 || parser.http_minor > 1) return refuse(505);
  if (const int status = check_head(request); status != 0) return refuse(status);
  if ((parser.flags & F_CONTENT_LENGTH) != 0 && parser.content_length > limits.max_body) {
    return refuse(413);
  }
  head_complete = true;
  keep_alive = llhttp_should_keep_alive(&parser) != 0;
  // What a request wants to become is the endpoint's to decide; until then the connection carries
  // HTTP.
  parser.upgrade = 0;
  return HPE_OK;
}

int Parser::Machine::on_body(std::string_view piece) {
  if (piece.size() > limits.max_body - request.body.size()) return refuse(413);
  request.body += piece;
  return HPE_OK;
}

// llhttp knows a fixed list of methods; every other token is a method too (WB-100). So the token is
// read here, and llhttp is given one that frames alike. False: more octets are needed, or the
// method is refused.
bool Parser::Machine::read_method(std::string_view& input) {
  while (!input.empty()) {
    const char c = input.front();
    if (c == ' ' && !request.method_name.empty()) {
      input.remove_prefix(1);
      request.method = find_method(request.method_name);
      if (request.method == Method::connect) return refuse(405), false;
      std::string_view name = request.method_name;
      if (request.method == Method::other) name = "POST";
      llhttp_execute(&parser, name.data(), name.size());
      llhttp_execute(&parser, " ", 1);
      method_known = true;
      head_size = request.method_name.size() + 1;
      return true;
    }
    if (!is_token_character(c)) return refuse(400), false;
    if (request.method_name.size() == kMaxMethod) return refuse(501), false;
    request.method_name += c;
    input.remove_prefix(1);
  }
  return false;
}

// `target SP HTTP/d.d CR LF`, RFC 9112 §3: one blank each, and nothing may be missing. llhttp takes
// more blanks, and calls it a wrong version when there is none. Answers how many octets are good.
std::size_t Parser::Machine::up_to_bad_request_line(std::string_view octets) {
  constexpr std::string_view kVersion = "HTTP/0.0\r\n";
  std::size_t at = 0;
  for (; at < octets.size() && version_read < kVersion.size(); ++at) {
    const char c = octets[at];
    if (!target_ended) {
      const bool blank = c == ' ';
      if ((blank && !target_begun) || c == '\t' || c == '\r' || c == '\n') return at;
      target_begun = true;
      target_ended = blank;
      continue;
    }
    const char wanted = kVersion[version_read];
    if (wanted == '0' ? c < '0' || c > '9' : c != wanted) return at;
    ++version_read;
  }
  request_line_ended = version_read == kVersion.size();
  return at;
}

// llhttp joins continuation lines, which are obsolete (RFC 9112 §5.2), and takes a field without a
// name; other parsers in front of this one may not, so both are refused. Looks at each octet of a
// head once, and answers how many precede such a line.
std::size_t Parser::Machine::up_to_bad_line(std::string_view octets) {
  std::size_t at = 0;
  if (!request_line_ended) {
    at = up_to_bad_request_line(octets);
    if (!request_line_ended) return at;
    at_line_begin = true;
  }
  while (at < octets.size() && !fields_ended) {
    if (at_line_begin) {
      const char c = octets[at];
      if (c == ' ' || c == '\t' || c == ':' || c == '\n') return at;
      fields_ended = c == '\r';
    }
    const auto end = octets.find('\n', at);
    at_line_begin = end != std::string_view::npos;
    at = at_line_begin ? end + 1 : octets.size();
  }
  return octets.size();
}

void Parser::Machine::execute(std::string_view& input) {
  // While the head lasts, llhttp gets no more than a head may have, so that the limit is exact.
  const auto allowed =
      head_complete ? input.size() : limits.max_head - std::min(head_size, limits.max_head);
  auto slice = input.substr(0, allowed);
  const bool began_in_body = head_complete;
  bool bad_line = false;
  if (!head_complete) {
    const auto good = up_to_bad_line(slice);
    bad_line = good < slice.size();
    slice = slice.substr(0, good);
  }
  const auto error = llhttp_execute(&parser, slice.data(), slice.size());
  auto used = slice.size();
  if (error == HPE_PAUSED) {
    used = static_cast<std::size_t>(llhttp_get_error_pos(&parser) - slice.data());
  } else if (error != HPE_OK) {
    failed(error);
  }
  input.remove_prefix(used);
  if (refusal != 0 || complete) return;
  if (!head_complete) {
    head_size += used;
    if (bad_line) refusal = 400;
    if (refusal == 0 && head_size >= limits.max_head) refusal = 431;
  } else if (began_in_body) {
    body_octets += used;
    const auto framing = body_octets - std::min(body_octets, request.body.size());
    if (framing / kMaxFramingPerOctet > request.body.size() + limits.max_head) refusal = 400;
  }
}

void Parser::Machine::failed(llhttp_errno_t error) {
  if (refusal != 0) return;
  refusal = error == HPE_INVALID_VERSION ? 505 : 400;
}

Parser::State Parser::Machine::feed(std::string_view& input) {
  // RFC 9112 §2.2: empty lines before a request line are passed over.
  while (!started && !input.empty() && (input.front() == '\r' || input.front() == '\n')) {
    input.remove_prefix(1);
  }
  if (!input.empty()) started = true;
  if (!method_known && refusal == 0 && !read_method(input)) {
    return refusal != 0 ? State::refused : State::need_more;
  }
  while (!input.empty() && refusal == 0 && !complete) {
    const bool was_head = !head_complete;
    execute(input);
    if (was_head && head_complete) break;
  }
  if (refusal != 0) return State::refused;
  if (complete) return State::complete;
  if (head_complete && !head_told) {
    head_told = true;
    return State::head_complete;
  }
  return State::need_more;
}

Parser::Parser(const Limits& limits) : machine_{std::make_unique<Machine>(limits)} {}
Parser::~Parser() = default;

Parser::State Parser::feed(std::string_view& input) {
  return machine_->feed(input);
}
void Parser::next() {
  machine_->reset();
}
Request& Parser::request() {
  return machine_->request;
}
int Parser::refusal() const {
  return machine_->refusal;
}
bool Parser::started() const {
  return machine_->started;
}
bool Parser::in_body() const {
  return machine_->head_complete;
}
bool Parser::keep_alive() const {
  return machine_->keep_alive;
}

}  // namespace ondol::http
