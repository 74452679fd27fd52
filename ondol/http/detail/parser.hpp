#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <ondol/http/limits.hpp>
#include <ondol/http/request.hpp>

namespace ondol::http {

// Octets in, one request after the other out; llhttp in strict mode behind it (decisions 5, 32).
// Pure: it knows no socket and no clock. Belongs to one connection. `limits` outlives it.
class Parser {
 public:
  explicit Parser(const Limits& limits);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  enum class State {
    need_more,
    head_complete,  // told once and only when a body is to follow: the moment for 100-continue
    complete,       // request() is whole; next() begins the next one
    refused,        // answer refusal() and close; nothing behind it can be trusted
  };

  // Takes what it uses off the front of `input`, never an octet of the next request.
  State feed(std::string_view& input);
  void next();

  Request& request();
  int refusal() const;      // an HTTP status
  bool started() const;     // an octet of the request has arrived
  bool in_body() const;     // the head is complete
  bool keep_alive() const;  // as the request wants it (RFC 9112 §9.3)

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace ondol::http
