#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <ondol/base/text.hpp>
#include <ondol/bind/binder.hpp>
#include <ondol/http/response.hpp>
#include <ondol/json/codec.hpp>
#include <ondol/web/exchange.hpp>

namespace ondol::web {

// A result with a status and headers of its own.
template <class T>
struct Reply {
  int status = 200;
  T body;
  http::Headers headers;
};

// The body as JSON, whatever its type (a text, too).
http::Response json_response(int status, std::string json);
http::Response text_response(int status, std::string text);
// The error body of the framework: {"code":"4040","reason":"…"}.
http::Response error_response(std::uint16_t code, std::string_view reason);

namespace detail {

template <class T>
struct IsReply : std::false_type {};
template <class T>
struct IsReply<Reply<T>> : std::true_type {};

}  // namespace detail

// How each result leaves: a struct as JSON, a std::string as text, an empty optional as 404.
template <class T>
http::Response to_response(T result, int status) {
  if constexpr (std::same_as<T, http::Response>) {
    return result;
  } else if constexpr (detail::IsReply<T>::value) {
    auto response = to_response(std::move(result.body), result.status);
    for (const auto& [name, value] : result.headers) response.headers.set(name, value);
    return response;
  } else if constexpr (json::detail::IsOptional<T>::value) {
    if (!result) return error_response(4040, "Not found.");
    return to_response(std::move(*result), status);
  } else if constexpr (std::same_as<T, std::string>) {
    return text_response(status, std::move(result));
  } else {
    return json_response(status, json::to_json(result));
  }
}

using Handler = std::function<Task<http::Response>(Exchange&)>;

// A function with typed parameters → a handler. `status` is that of a result without one; 204 for
// void.
template <class F>
Handler make_handler(F f, int status) {
  return [f = std::move(f), status](Exchange& exchange) -> Task<http::Response> {
    using R = bind::ResultOf<F, Exchange>;
    // The closure lives in the route, which outlives every request.
    if constexpr (std::is_void_v<R>) {
      co_await bind::call(f, exchange);
      co_return http::Response{status == 200 ? 204 : status, {}, {}};
    } else {
      co_return to_response(co_await bind::call(f, exchange), status);
    }
  };
}

}  // namespace ondol::web

namespace ondol::bind {

template <Name N, class T, Name Default>
struct Binder<web::Exchange, Query<N, T, Default>> {
  static Query<N, T, Default> bind(web::Exchange& exchange) {
    if (const auto text = exchange.find_query(N.view()))
      return Query<N, T, Default>{convert<T>(*text, N.view())};
    if constexpr (Default.view() == kNoDefault) {
      throw MissingValue{N.view()};
    } else {
      return Query<N, T, Default>{convert<T>(Default.view(), N.view())};
    }
  }
};

template <class T>
struct Binder<web::Exchange, Body<T>> {
  static Body<T> bind(web::Exchange& exchange) {
    const auto& request = exchange.request();
    if constexpr (std::same_as<T, std::string>) {
      return Body<T>{request.body};
    } else {
      const auto type = request.headers.first("Content-Type").value_or("");
      const auto media = trim(type.substr(0, type.find(';')));
      if (!iequals(media, "application/json") && !media.ends_with("+json"))
        throw UnsupportedMedia{media};
      if (request.body.empty()) throw Unreadable{"Required request body is missing."};
      try {
        return Body<T>{json::from_json<T>(request.body)};
      } catch (const json::JsonError& e) {
        throw Unreadable{e.what()};
      }
    }
  }
};

}  // namespace ondol::bind
