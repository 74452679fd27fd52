#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <ondol/http/limits.hpp>
#include <ondol/http/request.hpp>

namespace ondol::http {

// Octets → one request after the other, llhttp in strict mode behind it (decisions 5, 32). Pure. Belongs to one
// connection.
class Parser {
 public:
  explicit Parser(const Limits& limits);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  enum class State {
    need_more,
    head_complete,  // told once, before the body: the moment for 100-continue
    complete,       // request() is whole; next() begins the next one
    refused,        // answer refusal() and close
  };

  // Takes what it uses off the front of `input`.
  State feed(std::string_view& input);
  void next();

  Request& request();
  int refusal() const;    // an HTTP status
  bool started() const;   // an octet of the request has arrived
  bool in_body() const;   // the head is complete
  bool keep_alive() const;

 private:
  struct State_;
  std::unique_ptr<State_> state_;
};

}  // namespace ondol::http
