#include <ondol/web/web.hpp>

#include <algorithm>

#include <ondol/base/error.hpp>
#include <ondol/json/writer.hpp>
#include <ondol/log/logger.hpp>

namespace ondol::web {
namespace {

constexpr log::Logger kLog{"ondol.web"};

}  // namespace

http::Response json_response(int status, std::string json) {
  http::Response response{status, {}, std::move(json)};
  response.headers.add("Content-Type", "application/json");
  return response;
}

http::Response text_response(int status, std::string text) {
  http::Response response{status, {}, std::move(text)};
  response.headers.add("Content-Type", "text/plain;charset=UTF-8");
  return response;
}

http::Response error_response(std::uint16_t code, std::string_view reason) {
  std::string body = "{\"code\":\"" + std::to_string(code) + "\",\"reason\":";
  json::append_json_string(body, reason);
  body += '}';
  return json_response(code / 10, std::move(body));
}

Route& Web::add_route(http::Method method, std::string_view pattern,
                      const std::vector<std::string>& needed, std::function<Handler(int)> make) {
  auto route = std::make_unique<Route>();
  route->method_ = method;
  route->pattern_ = bind::Pattern::parse(pattern, '/');
  route->make_ = std::move(make);
  const auto& names = route->pattern_.variable_names();
  for (const auto& name : needed) {
    if (std::ranges::find(names, name) == names.end()) {
      throw std::logic_error{"the pattern " + std::string{pattern} + " has no variable {" + name +
                             "}"};
    }
  }
  for (const auto& other : routes_) {
    if (other->method_ == method && other->pattern_.text() == pattern) {
      throw std::logic_error{"two handlers for " + std::string{http::to_text(method)} + ' ' +
                             std::string{pattern}};
    }
  }
  routes_.push_back(std::move(route));
  return *routes_.back();
}

Web& Web::filter(std::string prefix, Filter filter) {
  filters_.emplace_back(std::move(prefix), std::move(filter));
  return *this;
}

Web& Web::upgrade(std::string path, UpgradeEndpoint endpoint) {
  upgrades_.emplace_back(std::move(path), std::move(endpoint));
  return *this;
}

Web& Web::fallback(Filter handler) {
  fallback_ = std::move(handler);
  return *this;
}

http::Endpoint Web::endpoint() {
  for (auto& route : routes_) route->handler_ = route->make_(route->status_);
  return [this](http::Request& request) { return answer(request); };
}

Task<http::Outcome> Web::answer(http::Request& request) {
  for (const auto& [path, endpoint] : upgrades_) {
    if (request.path == path) co_return endpoint(request);
  }
  co_return co_await answer_mapped(request);
}

// The edge where exceptions become answers.
Task<http::Response> Web::answer_mapped(http::Request& request) {
  Exchange exchange{request};
  std::exception_ptr failure;
  try {
    co_return co_await run_filters(exchange, 0);
  } catch (...) {
    failure = std::current_exception();
  }
  auto response = map_error(std::move(failure));
  if (reasons_) {
    response.body = json::with_reason(std::move(response.body), reasons_,
                                      request.headers.first("Accept-Language").value_or(""));
    response.headers.set("Vary", "Accept-Language");
  }
  co_return response;
}

Task<http::Response> Web::run_filters(Exchange& exchange, std::size_t index) {
  while (index < filters_.size() && !exchange.request().path.starts_with(filters_[index].first))
    ++index;
  if (index == filters_.size()) co_return co_await dispatch(exchange);
  const Next next = [this, index](Exchange& e) { return run_filters(e, index + 1); };
  co_return co_await filters_[index].second(exchange, next);
}

Task<http::Response> Web::dispatch(Exchange& exchange) {
  const auto& request = exchange.request();
  const auto wanted = request.method == http::Method::head ? http::Method::get : request.method;
  const Route* best = nullptr;
  std::vector<std::string_view> allowed;
  for (const auto& route : routes_) {
    if (!route->pattern_.matches(request.path)) continue;
    if (route->method_ != wanted) {
      allowed.push_back(http::to_text(route->method_));
      if (route->method_ == http::Method::get) allowed.emplace_back("HEAD");
      continue;
    }
    if (!best || route->pattern_.compare(best->pattern_, request.path) < 0) best = route.get();
  }
  if (best) {
    bind::Variables variables;
    best->pattern_.match(request.path, &variables);
    exchange.set_variables(std::move(variables));
    co_return co_await best->handler_(exchange);
  }
  if (!allowed.empty()) {
    std::string list;
    for (const auto name : allowed) {
      list += list.empty() ? "" : ",";
      list += name;
    }
    auto response = request.method == http::Method::options
                        ? http::Response{200, {}, {}}
                        : error_response(4050, "Method not allowed.");
    response.headers.set("Allow", std::move(list));
    co_return response;
  }
  if (fallback_) {
    const Next none;
    co_return co_await fallback_(exchange, none);
  }
  throw Error{ErrorCode{4041}, "No such resource."};
}

http::Response Web::map_error(std::exception_ptr failure) const {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    const auto* const known = dynamic_cast<const Error*>(&e);
    if (!known) kLog.error("uncaught exception of a handler: {}", e.what());
    if (auto response = errors_.find(e)) return std::move(*response);
    if (known) return error_response(known->code().value(), known->what());
  } catch (...) {
    kLog.error("uncaught exception of a handler, of no known type");
  }
  return error_response(5000, "Internal error");
}

}  // namespace ondol::web
